// SPDX-License-Identifier: BSD-2-Clause
#include "support/memory_image.hpp"

#include "support/memory_file.hpp"

namespace xar::test {

image::Image image_of(base::ByteView bytes) {
  return image::Image::open(memory_file(bytes), 0, "memory");
}

base::Bytes written_image(const tree::Tree& tree, const squashfs::Options& options) {
  const base::Fd file = memory_file();
  squashfs::write_image(file.get(), 0, "memory", tree, options);
  return content_of(file.get());
}

image::Image image_of(const tree::Tree& tree, const squashfs::Options& options) {
  return image_of(written_image(tree, options));
}

}  // namespace xar::test
