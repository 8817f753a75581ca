// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/interrupt.hpp"
#include "xar/cli/run.hpp"
#include "xarbuild/build.hpp"
#include "xarbuild/options.hpp"

namespace {

// What a user of xarbuild can do about a failure of this kind, or nullptr.
const char* advice_for(xar::base::Errc kind) {
  return kind == xar::base::Errc::kConflict
             ? "leave one of them out, by --exclude for example"
             : nullptr;
}

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
  return xar::cli::run_main(
      "xarbuild", [&] { return build(argc, argv); }, advice_for);
}
