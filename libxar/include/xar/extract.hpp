// SPDX-License-Identifier: BSD-2-Clause
// Writes an image's tree, or parts of it, to a directory. No image can make it write
// outside of that directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "xar/image.hpp"

namespace xar::extract {

// How much of the content has been written, in bytes.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

struct Options {
  // Paths in the image to write, each with everything below it and the directories above
  // it. Empty: everything, and an existing directory gets the root's permissions and
  // time.
  std::vector<std::string> paths;

  // Whether to keep what grants rights: owners, set-user-ID and set-group-ID bits, device
  // nodes, and extended attributes other than "user.". Only root may give files away and
  // make devices. Without it, the result grants what a nosuid,nodev mount grants.
  bool privileges = true;

  // extract_into(): replaces existing files, and adds to existing directories. A
  // directory is not replaced by a file.
  bool replace = false;

  unsigned threads = 0;  // that write, at most; 0: one per core

  // extract_as(): waits for the disk before the directory gets its name.
  bool durable = false;

  // If not empty, called on the caller's thread: for each name that is planned, for each
  // directory and hard link, and about ten times a second while content is written; with
  // a total of 0 until the total is known. An exception from it ends the extraction and
  // reaches the caller: that is how an extraction is cancelled.
  std::function<void(const Progress&)> on_progress;

  // If not empty, called when `on_progress` has ended an extraction and removing what was
  // written would take long, with the hidden directory that is left.
  std::function<void(const std::filesystem::path& left)> on_leftover;

  // If not empty, runs on another thread meanwhile, such as a check of the archive's
  // digest. An exception from it ends the extraction.
  std::function<void()> beside;
};

// What was written.
struct Summary {
  std::uint64_t files = 0;          // names of every type, without the root
  std::uint64_t content_bytes = 0;  // of regular files, hard links counted once
  // What this process may not make or set, or was told not to.
  std::uint64_t devices_left_out = 0;
  std::uint64_t owners_left_out = 0;
  std::uint64_t xattrs_left_out = 0;
};

// Writes to the existing directory `directory`. Follows no existing symlink; an existing
// name ends the extraction unless existing files are replaced. Reads the image's metadata
// and plans everything before it writes the first name. If it fails, a part may be
// written, and the error says so. Throws base::Error for a damaged image and if the file
// system refuses, and what the options' functions throw.
Summary extract_into(const image::Image& image, const std::filesystem::path& directory,
                     const Options& options = {});

// Makes the directory `directory`, which must not exist. It appears complete or not at
// all: a hidden directory beside it is renamed. If the extraction fails, nothing is left,
// except the hidden directory if `on_progress` ended the extraction and removing takes
// more than a fifth of a second. Throws as extract_into(); base::SystemError with EEXIST
// if another process has made the directory meanwhile.
Summary extract_as(const image::Image& image, const std::filesystem::path& directory,
                   const Options& options = {});

}  // namespace xar::extract
