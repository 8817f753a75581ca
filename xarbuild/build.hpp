// SPDX-License-Identifier: BSD-2-Clause
// A build from its options to the finished file and the line that tells of it.
#pragma once

#include "xar/base/interrupt.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {

// Builds what `options` ask for and prints one line about it unless told to be
// quiet. Throws base::Error or base::Interrupted; then nothing has been left behind.
void build(const Options& options, base::InterruptWatch& interrupts);

}  // namespace xar::xarbuild
