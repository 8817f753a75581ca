// SPDX-License-Identifier: BSD-2-Clause
#include "python/bootstrap.hpp"
#include "python/entry_point.hpp"
#include "xar/python.hpp"

namespace xar::python {

Package package(const Application& application) {
  const EntryPoint entry_point = parse_entry_point(application.entry_point);
  const std::string shell = shell_text(application.interpreter);
  Package package{tree::scan(application.source, application.scan), kShellName};
  require_module(package.tree, entry_point);
  package.tree.add_file(kShellName, shell, 0755);
  package.tree.add_file(kMainName, main_text(entry_point), 0644);
  return package;
}

}  // namespace xar::python
