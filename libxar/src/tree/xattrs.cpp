// SPDX-License-Identifier: BSD-2-Clause
#include "tree/xattrs.hpp"

#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "xar/base/error.hpp"

namespace xar::tree {
namespace {

// POSIX and NFS ones; a file system's own attributes that are no lists are its own
// affair.
bool is_acl(std::string_view name) {
  return name.starts_with("system.") && name.find("acl") != name.npos;
}

// The names, each with a NUL behind it. Linux allows up to 64 KiB of them
// (XATTR_LIST_MAX); nearly all files have none, which one small call tells.
std::string list_names(const std::string& path) {
  std::array<char, 1024> few{};
  ssize_t size = ::llistxattr(path.c_str(), few.data(), few.size());
  if (size >= 0) return {few.data(), static_cast<std::size_t>(size)};
  std::string names;
  if (errno == ERANGE) {
    names.resize(65536);
    size = ::llistxattr(path.c_str(), names.data(), names.size());
  }
  if (size < 0 && errno != ENOTSUP) base::throw_errno("cannot read the xattrs of", path);
  names.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return names;
}

std::string read_value(const std::string& path, const std::string& name) {
  std::string value(65536, '\0');  // XATTR_SIZE_MAX
  const ssize_t size =
      ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
  if (size < 0) base::throw_errno("cannot read the xattr " + name + " of", path);
  value.resize(static_cast<std::size_t>(size));
  value.shrink_to_fit();
  return value;
}

}  // namespace

bool can_be_stored(std::string_view name) {
  return name.starts_with("user.") || name.starts_with("trusted.") ||
         name.starts_with("security.");
}

FoundXattrs read_xattrs(const std::string& path) {
  FoundXattrs found;
  const std::string names = list_names(path);
  for (std::string_view rest = names; !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (can_be_stored(name)) found.stored.push_back({name, read_value(path, name)});
    found.has_acl |= is_acl(name);
  }
  std::ranges::sort(found.stored, {}, &Xattr::name);
  return found;
}

std::optional<std::string> read_access_acl(const std::string& path) {
  constexpr const char* kName = "system.posix_acl_access";
  std::array<char, 1024> few{};
  const ssize_t size = ::lgetxattr(path.c_str(), kName, few.data(), few.size());
  if (size >= 0) return std::string(few.data(), static_cast<std::size_t>(size));
  if (errno == ENODATA || errno == ENOTSUP) return std::nullopt;
  if (errno == ERANGE) return read_value(path, kName);
  base::throw_errno("cannot read the access control list of", path);
}

}  // namespace xar::tree
