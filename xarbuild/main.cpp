// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"
#include "xar/base/interrupt.hpp"
#include "xarbuild/build.hpp"
#include "xarbuild/options.hpp"

namespace {

int build(int argc, char** argv) {
  const auto options = xar::xarbuild::parse_options(argc, argv);
  if (!options) return 0;
  try {
    xar::base::InterruptWatch interrupts;
    xar::xarbuild::build(*options, interrupts);
  } catch (const xar::base::Interrupted& interrupted) {
    xar::base::die_of(interrupted.signal);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return xar::base::run_main("xarbuild", [&] { return build(argc, argv); });
}
