// SPDX-License-Identifier: BSD-2-Clause
// The finished file: header, padding and image in one, which appears complete
// or not at all.
#pragma once

#include <cstdint>
#include <filesystem>

#include "xar/header.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::archive {

// What has been written.
struct Summary {
  squashfs::Summary image;
  std::uint64_t file_bytes = 0;  // size of the whole file
};

// Writes `tree` behind `header` to `output`, replacing what stands there once all
// is done. Of `header` it fills in offset, uuid and image_sha256; the caller gives
// the rest. The file's mode is 0755 with a target and 0644 without, less
// `umask`. Throws base::Error if the tree does not hold the target or a value cannot
// stand in a header, and as squashfs::write_image does; then `output` is as it
// was and nothing else is left.
Summary write(const std::filesystem::path& output, header::Header header,
              const tree::Tree& tree, const squashfs::Options& options, mode_t umask);

}  // namespace xar::archive
