// SPDX-License-Identifier: BSD-2-Clause
// What this machine has of all that the backends need.
#pragma once

#include <vector>

#include "xar/diagnosis.hpp"

namespace xar::diagnosis {

inline constexpr const char* kDeviceSubject = "/dev/fuse";
inline constexpr const char* kPrivilegeSubject = "mount(2)";
inline constexpr const char* kHelperSubject = "fusermount3";
inline constexpr const char* kNamespaceSubject = "user namespaces";
inline constexpr const char* kNamespaceMountSubject = "FUSE in a user namespace";

// In the order in which people are told. `size` is what the archive takes unpacked, or 0.
std::vector<Finding> find_all(const backend::Request& request, std::uint64_t size);

}  // namespace xar::diagnosis
