// SPDX-License-Identifier: BSD-2-Clause
// A build from its options to the finished file and the line that tells of it.
#pragma once

#include "xarbuild/interrupt.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {

// Builds what `options` ask for and prints one line about it unless told to be
// quiet. Throws base::Error or Interrupted; then nothing has been left behind.
void build(const Options& options, const InterruptWatch& interrupts);

}  // namespace xar::xarbuild
