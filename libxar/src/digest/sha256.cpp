// SPDX-License-Identifier: BSD-2-Clause
#include <sodium.h>

#include <algorithm>
#include <array>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/hex.hpp"
#include "xar/digest.hpp"

namespace xar::digest {
std::string sha256(int fd, std::uint64_t offset, std::uint64_t size,
                   const std::filesystem::path& name, const std::function<void()>& tick) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  base::Bytes buffer(std::min<std::uint64_t>(size, 1 << 20));
  while (size > 0) {
    tick();
    const auto wanted =
        std::span(buffer).first(std::min<std::uint64_t>(size, buffer.size()));
    if (base::read_at(fd, offset, wanted, name) != wanted.size()) {
      throw base::Error("cut short while it was read", name,
                        "let nothing else write to it");
    }
    crypto_hash_sha256_update(
        &state, reinterpret_cast<const unsigned char*>(wanted.data()), wanted.size());
    offset += wanted.size();
    size -= wanted.size();
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  // sodium_bin2hex() would bring all of libsodium's encodings into the launcher.
  return base::to_hex(std::as_bytes(std::span(digest)));
}

Sha256 sha256(base::ByteView bytes) {
  Sha256 digest{};
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return digest;
}

}  // namespace xar::digest
