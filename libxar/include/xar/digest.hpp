// SPDX-License-Identifier: BSD-2-Clause
// Digests: SHA-256, which the header states of an image, and BLAKE2b, which identifies
// equal content.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "xar/base/bytes.hpp"

namespace xar::digest {

// Returns the SHA-256 digest, as 64 lower-case hex digits, of `size` bytes of `fd` from
// `offset` on. Messages call the file `name`. Calls `tick` after each MiB; an exception
// from it ends the reading. Safe from any thread. Throws base::SystemError if the bytes
// cannot be read, and base::Error if there are fewer.
std::string sha256(int fd, std::uint64_t offset, std::uint64_t size,
                   const std::filesystem::path& name, const std::function<void()>& tick);

// The SHA-256 digest of bytes in memory, as 32 bytes. For programs that use no BLAKE2b,
// whose code is large.
using Sha256 = std::array<std::byte, 32>;
Sha256 sha256(base::ByteView bytes);

// A BLAKE2b digest of 256 bits. Nobody can make two contents with the same digest, so
// equal digests mean equal contents even against an attacker.
using Blake2b = std::array<std::byte, 32>;

// Safe from any thread.
Blake2b blake2b(base::ByteView bytes);

// For hash tables.
struct Blake2bHash {
  std::size_t operator()(const Blake2b& digest) const {
    return base::load_le<std::uint64_t>(digest);
  }
};

}  // namespace xar::digest
