// SPDX-License-Identifier: BSD-2-Clause
// The numbers by which the kernel tells mounted file systems apart: major number << 32 |
// minor. None of these functions asks a file system's server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace xar::mount {

// The file system mounted at `point`.
std::optional<std::uint64_t> device_at(const std::filesystem::path& point);

// The file system of the file that `link`, a link in a process's folder in /proc, leads
// to. Empty if it cannot be known; errno says why.
std::optional<std::uint64_t> device_behind(const std::filesystem::path& link);

// The file system of which `fd` is the root. Zero if it cannot be known.
std::uint64_t device_of(int fd);

}  // namespace xar::mount
