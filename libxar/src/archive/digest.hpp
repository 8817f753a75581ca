// SPDX-License-Identifier: BSD-2-Clause
// The digest that names an image.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace xar::archive {

// SHA-256, as 64 lower-case hex digits, of `size` bytes of `fd` from `offset` on.
// `name` is for messages; `tick` is called again and again, and what it throws ends
// the reading. Throws base::SystemError if they cannot be read and
// base::Error if there are fewer.
std::string sha256(int fd, std::uint64_t offset, std::uint64_t size,
                   const std::filesystem::path& name, const std::function<void()>& tick);

}  // namespace xar::archive
