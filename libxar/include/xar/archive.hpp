// SPDX-License-Identifier: BSD-2-Clause
// The finished file: header, padding and image in one, or with a launcher in front of
// them, which appears complete or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "xar/header.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::archive {

// A program that starts the archive that stands behind it.
struct Launcher {
  std::string program;      // the ELF program's bytes, up to where its archive begins
  bool is_dynamic = false;  // it runs only where its shared libraries are
};

// The launcher in the file at `path`: an xarexec, of any machine. An archive that it
// already carries is left away. Throws base::Error if it is not such a program,
// base::SystemError if it cannot be read.
Launcher read_launcher(const std::filesystem::path& path);

// What has been written.
struct Summary {
  squashfs::Summary image;
  std::uint64_t file_bytes = 0;  // size of the whole file
};

// Writes `tree` behind `header` to `output`, replacing what stands there once all
// is done; in front is the launcher's program, if there is one: a standalone archive.
// Of `header` it fills in position, offset, uuid and image_sha256; the caller gives
// the rest. The file's mode is 0755 with a target or a launcher and 0644 without, less
// `umask`. Throws base::Error if the tree does not hold the target or a value cannot
// stand in a header, and as squashfs::write_image does; then `output` is as it
// was and nothing else is left.
Summary write(const std::filesystem::path& output, header::Header header,
              const tree::Tree& tree, const squashfs::Options& options, mode_t umask,
              const std::optional<Launcher>& launcher = std::nullopt);

}  // namespace xar::archive
