// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/run.hpp"
#include "xarexec/advice.hpp"
#include "xarexec/options.hpp"
#include "xarexec/standalone.hpp"

int main(int argc, char** argv) {
  const auto body = [&] {
    xar::xarexec::Executed executed;
    if (const auto own = xar::xarexec::own_launch(argv, executed)) return own->run();
    const auto command = xar::xarexec::parse_command_line(argc, argv);
    if (!command) return 0;
    return std::visit([](const auto& chosen) { return chosen.run(); }, *command);
  };
  return xar::cli::run_main("xarexec", body, xar::xarexec::advice_for);
}
