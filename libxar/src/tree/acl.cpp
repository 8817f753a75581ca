// SPDX-License-Identifier: BSD-2-Clause
#include "tree/acl.hpp"

#include "xar/base/bytes.hpp"

namespace xar::tree {
namespace {

// The attribute's form: a version, then entries of a tag, permissions and an id.
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kEntrySize = 8;

constexpr std::uint16_t kEverything = 7;

// What a list grants. Whoever it names falls among the group or all others without it.
struct Grants {
  std::uint16_t group = kEverything;   // the file's group
  std::uint16_t mask = kEverything;    // the most for that group and all that are named
  std::uint16_t users = kEverything;   // every named user
  std::uint16_t groups = kEverything;  // every named group
  bool has_names = false;
};

void add(Grants& grants, AclTag tag, std::uint16_t permissions) {
  switch (tag) {
    case AclTag::kUser:
      grants.users &= permissions;
      grants.has_names = true;
      break;
    case AclTag::kGroup:
      grants.groups &= permissions;
      grants.has_names = true;
      break;
    case AclTag::kGroupOwner:
      grants.group = permissions;
      break;
    case AclTag::kMask:
      grants.mask = permissions;
      break;
    default:  // the owner and all others, who have bits of their own
      break;
  }
}

}  // namespace

std::string acl_attribute(const std::vector<AclEntry>& entries) {
  base::Bytes bytes;
  base::append_le(bytes, kVersion);
  for (const AclEntry& entry : entries) {
    base::append_le(bytes, static_cast<std::uint16_t>(entry.tag));
    base::append_le(bytes, entry.permissions);
    base::append_le(bytes, entry.id);
  }
  return std::string(base::as_text(bytes));
}

std::uint16_t permissions_without_acl(std::uint16_t permissions, std::string_view acl) {
  base::ByteView rest = base::as_bytes(acl);
  if (rest.size() < sizeof kVersion || base::load_le<std::uint32_t>(rest) != kVersion) {
    return permissions & static_cast<std::uint16_t>(~077U);
  }
  Grants grants;
  for (rest = rest.subspan(sizeof kVersion); rest.size() >= kEntrySize;
       rest = rest.subspan(kEntrySize)) {
    add(grants, AclTag{base::load_le<std::uint16_t>(rest)},
        base::load_le<std::uint16_t>(rest.subspan(sizeof(std::uint16_t))));
  }
  // A named user may belong to the file's group.
  const unsigned group = grants.group & grants.users & grants.mask & kEverything;
  const unsigned others = grants.has_names
                              ? grants.users & grants.groups & grants.mask & kEverything
                              : kEverything;
  return static_cast<std::uint16_t>(permissions & (07700U | group << 3U | others));
}

}  // namespace xar::tree
