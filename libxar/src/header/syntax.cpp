// SPDX-License-Identifier: BSD-2-Clause
#include "header/syntax.hpp"

namespace xar::header {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

bool has_parent_component(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
  }
  return false;
}

}  // namespace

std::string_view uuid_problem(std::string_view uuid) {
  // It becomes a file name with a suffix of up to some 80 bytes.
  if (uuid.empty() || uuid.size() > 128) return "1 to 128 hex digits";
  return uuid.find_first_not_of(kHexDigits) == uuid.npos ? "" : "hex digits only";
}

std::string_view fault_in_sha256(std::string_view digest) {
  const bool right =
      digest.size() == 64 && digest.find_first_not_of(kHexDigits) == digest.npos;
  return right ? "" : "64 hex digits";
}

std::string_view fault_in_mount_root(std::string_view root) {
  if (!root.starts_with('/')) return "an absolute path";
  return has_parent_component(root) ? "a path without '..'" : "";
}

std::string_view fault_in_target(std::string_view target) {
  if (target.starts_with('/')) return "a path relative to the archive's root";
  return has_parent_component(target) ? "a path that stays in the archive, without '..'"
                                      : "";
}

}  // namespace xar::header
