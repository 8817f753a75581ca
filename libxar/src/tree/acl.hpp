// SPDX-License-Identifier: BSD-2-Clause
// Access control lists (acl(5)), which SquashFS has no place for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xar::tree {

// Whom an entry is about, as the kernel numbers them (linux/posix_acl.h).
enum class AclTag : std::uint16_t {
  kOwner = 0x01,
  kUser = 0x02,  // a named user
  kGroupOwner = 0x04,
  kGroup = 0x08,  // a named group
  kMask = 0x10,
  kOther = 0x20,
};

struct AclEntry {
  AclTag tag;
  std::uint16_t permissions;  // 0 to 7
  std::uint32_t id;           // of whom is named
};

// The value of the attribute system.posix_acl_access that holds `entries`.
std::string acl_attribute(const std::vector<AclEntry>& entries);

// The permissions for a file of `permissions` that loses `acl`, the value of its
// attribute system.posix_acl_access. They grant nobody more than the two did together:
// where there is a list, the group's bits of a mode are not those of the group but the
// most that anybody in the list gets. A list that cannot be understood leaves the owner's
// bits only.
std::uint16_t permissions_without_acl(std::uint16_t permissions, std::string_view acl);

}  // namespace xar::tree
