// SPDX-License-Identifier: BSD-2-Clause
// Digests: the one that names an image, made when one is written and compared when one
// is verified, and the one by which content is recognised.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "xar/base/bytes.hpp"

namespace xar::digest {

// SHA-256, as 64 lower-case hex digits, of `size` bytes of `fd` from `offset` on.
// `name` is for messages; `tick` is called after each MiB, and what it throws ends the
// reading. Safe from any thread. Throws base::SystemError if the bytes cannot be read
// and base::Error if there are fewer.
std::string sha256(int fd, std::uint64_t offset, std::uint64_t size,
                   const std::filesystem::path& name, const std::function<void()>& tick);

// The same digest of bytes in memory, as it is. For programs that compute no BLAKE2b
// otherwise, whose code is large.
using Sha256 = std::array<std::byte, 32>;
Sha256 sha256(base::ByteView bytes);

// A BLAKE2b digest of 256 bits. Nobody can make two contents of one digest, so that
// equal digests are equal contents also where someone has an interest in the opposite.
using Blake2b = std::array<std::byte, 32>;

// Safe from any thread.
Blake2b blake2b(base::ByteView bytes);

// For hash tables: any part of a digest is as good as another.
struct Blake2bHash {
  std::size_t operator()(const Blake2b& digest) const {
    return base::load_le<std::uint64_t>(digest);
  }
};

}  // namespace xar::digest
