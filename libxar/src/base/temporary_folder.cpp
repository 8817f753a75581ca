// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/temporary_folder.hpp"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/base/remove_tree.hpp"

namespace xar::base {
namespace {

std::filesystem::path parent_folder() {
  std::error_code ignored;
  std::filesystem::path parent = std::filesystem::temp_directory_path(ignored);
  return parent.empty() ? "/tmp" : parent;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  const std::filesystem::path parent = parent_folder();
  std::string name = parent / "xarbuild.XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw_errno("cannot create a folder in", parent);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  remove_tree(path_);
}

}  // namespace xar::base
