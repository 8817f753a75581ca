// SPDX-License-Identifier: BSD-2-Clause
// Access control lists (acl(5)), which SquashFS has no place for.
#pragma once

#include <cstdint>
#include <string_view>

namespace xar::tree {

// The permissions for a file of `permissions` that loses `acl`, the value of its
// attribute system.posix_acl_access. They grant nobody more than the two did together:
// where there is a list, the group's bits of a mode are not those of the group but the
// most that anybody in the list gets. A list that cannot be understood leaves the owner's
// bits only.
std::uint16_t permissions_without_acl(std::uint16_t permissions, std::string_view acl);

}  // namespace xar::tree
