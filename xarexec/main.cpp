// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"
#include "xarexec/options.hpp"
#include "xarexec/standalone.hpp"

int main(int argc, char** argv) {
  return xar::base::run_main("xarexec", [&] {
    xar::xarexec::Executed executed;
    if (const auto own = xar::xarexec::own_launch(argv, executed)) return own->run();
    const auto command = xar::xarexec::parse_command_line(argc, argv);
    if (!command) return 0;
    return std::visit([](const auto& chosen) { return chosen.run(); }, *command);
  });
}
