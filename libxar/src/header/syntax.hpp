// SPDX-License-Identifier: BSD-2-Clause
// The words of the header that its parser and its printer share, and what may
// stand in its values.
#pragma once

#include <string_view>

namespace xar::header {

inline constexpr std::string_view kShebang = "#!";
inline constexpr std::string_view kStop = "#xar_stop";

inline constexpr std::string_view kOffset = "OFFSET";
inline constexpr std::string_view kUuid = "UUID";
inline constexpr std::string_view kVersion = "VERSION";
inline constexpr std::string_view kDependencies = "DEPENDENCIES";
inline constexpr std::string_view kMountRoot = "MOUNT_ROOT";
inline constexpr std::string_view kTarget = "XAREXEC_TARGET";
inline constexpr std::string_view kImageSha256 = "IMAGE_SHA256";

// Each check returns what is expected, for an error message, or nothing if the
// value is right.
std::string_view uuid_problem(std::string_view uuid);
std::string_view fault_in_sha256(std::string_view digest);
std::string_view fault_in_mount_root(std::string_view root);
std::string_view fault_in_target(std::string_view target);

}  // namespace xar::header
