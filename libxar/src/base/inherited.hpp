// SPDX-License-Identifier: BSD-2-Clause
// What a process inherits from who starts it and a daemon must not keep:
// limits, priorities, signals.
#pragma once

namespace xar::base {

// Gives the calling process the usual limits, priorities, processors and
// signals, as far as it may. Where it may not be without a limit, it gets its
// hard limit.
void reset_inherited();

}  // namespace xar::base
