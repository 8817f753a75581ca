// SPDX-License-Identifier: BSD-2-Clause
// Images in memory: written by this project's writer, or made byte by byte.
#pragma once

#include "xar/base/bytes.hpp"
#include "xar/image.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::test {

// Opens `bytes` as an image. Throws as image::Image::open does.
image::Image image_of(base::ByteView bytes);

// Writes `tree` as an image. Throws as squashfs::write_image does.
base::Bytes written_image(const tree::Tree& tree, const squashfs::Options& options = {});

// Writes `tree` as an image and opens it.
image::Image image_of(const tree::Tree& tree, const squashfs::Options& options = {});

}  // namespace xar::test
