// SPDX-License-Identifier: BSD-2-Clause
// The digest that names an image: made when one is written, compared when one is
// verified.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace xar::digest {

// SHA-256, as 64 lower-case hex digits, of `size` bytes of `fd` from `offset` on.
// `name` is for messages; `tick` is called after each MiB, and what it throws ends the
// reading. Safe from any thread. Throws base::SystemError if the bytes cannot be read
// and base::Error if there are fewer.
std::string sha256(int fd, std::uint64_t offset, std::uint64_t size,
                   const std::filesystem::path& name, const std::function<void()>& tick);

}  // namespace xar::digest
