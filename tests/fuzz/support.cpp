// SPDX-License-Identifier: BSD-2-Clause
#include "fuzz/support.hpp"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "xar/base/file.hpp"

namespace xar::fuzz {

std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

base::Fd as_file(std::string_view text) {
  base::Fd fd(::memfd_create("fuzz", MFD_CLOEXEC));
  require(static_cast<bool>(fd), "no memory for the input");
  base::write_at(fd.get(), 0, base::as_bytes(text), "the input");
  return fd;
}

image::Image open_image(std::string_view text) {
  constexpr std::size_t kCache = 1 << 20;
  return image::Image::open(as_file(text), 0, "input", kCache);
}

std::string path_of(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
  std::abort();
}

}  // namespace xar::fuzz
