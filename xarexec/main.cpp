// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"
#include "xarexec/launch.hpp"
#include "xarexec/options.hpp"

int main(int argc, char** argv) {
  return xar::base::run_main("xarexec", [&] {
    const auto options = xar::xarexec::parse_options(argc, argv);
    return options ? xar::xarexec::launch(*options) : 0;
  });
}
