// SPDX-License-Identifier: BSD-2-Clause
// Byte buffers, and little-endian integers in them, the way every number in a SquashFS
// image is stored, independent of the machine's byte order and alignment.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace xar::base {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

// Bytes that are written before they are read: unlike Bytes they begin as nothing in
// particular, which spares large ones a pass over their memory.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(size)), size_(size) {}

  // Leaves the first `size` bytes of it. The memory of the others is not given back.
  void truncate(std::size_t size) { size_ = std::min(size_, size); }

  [[nodiscard]] std::byte* data() const { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<std::byte> bytes() const { return {bytes_.get(), size_}; }
  [[nodiscard]] ByteView view() const { return bytes(); }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
};

// The bytes of `text`, borrowed.
inline ByteView as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The characters of `bytes`, borrowed.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Whether every byte is zero; true for none.
inline bool is_all_zero(ByteView bytes) {
  // A run of zeros is equal to itself shifted by one.
  return bytes.empty() ||
         (bytes.front() == std::byte{0} &&
          std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// Writes `value` in little-endian order at the front of `out`, which must hold
// at least sizeof(value) bytes.
template <std::unsigned_integral T>
void store_le(std::span<std::byte> out, T value) {
  assert(out.size() >= sizeof(T));
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[i] = static_cast<std::byte>(value >> (8 * i));
  }
}

// Appends `value` in little-endian order.
template <std::unsigned_integral T>
void append_le(Bytes& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(T));
  store_le(std::span(out).subspan(at), value);
}

// Appends `bytes` as they are.
inline void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// The little-endian integer at the front of `in`, which must hold at least
// sizeof(T) bytes.
template <std::unsigned_integral T>
T load_le(ByteView in) {
  assert(in.size() >= sizeof(T));
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value =
        static_cast<T>(value | (static_cast<T>(std::to_integer<T>(in[i])) << (8 * i)));
  }
  return value;
}

}  // namespace xar::base
