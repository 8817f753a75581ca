// SPDX-License-Identifier: BSD-2-Clause
// From an image to files: its tree, or parts of it, written into a directory.
// Nothing that an image says reaches outside that directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "xar/image.hpp"

namespace xar::extract {

// How much content is written, in bytes.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

struct Options {
  // What is written: paths in the image, each with all that is below it and the
  // directories that lead to it. Empty: everything, and an existing directory gets the
  // root's permissions and time.
  std::vector<std::string> paths;

  // Whether what gives rights is kept: owners, set-user-ID and set-group-ID bits, device
  // nodes, extended attributes other than "user.". Only root may give files away and make
  // devices. Without it the result is worth what a nosuid,nodev mount of the image is.
  bool privileges = true;

  // extract_into(): names that are there already are replaced, directories aside, which
  // are filled. A directory is not replaced by something else.
  bool replace = false;

  unsigned threads = 0;  // writing at most; 0: one a core

  // Waits until the disk has everything before the directory gets its name.
  bool durable = false;

  // Called on the caller's thread, some ten times a second while content is written, and
  // for each name that is planned and each directory and further name that is made,
  // before the total is known with a total of 0. What it throws ends the extraction,
  // which is how one is cancelled.
  std::function<void(const Progress&)> on_progress;

  // Called where `on_progress` has ended an extraction and what was written could not be
  // removed at once, with the hidden directory that is left.
  std::function<void(const std::filesystem::path& left)> on_leftover;

  // Runs on another thread meanwhile, such as a check of the archive's digest. What it
  // throws ends the extraction.
  std::function<void()> beside;
};

// What has been written.
struct Summary {
  std::uint64_t files = 0;          // names of every type, the root aside
  std::uint64_t content_bytes = 0;  // of regular files, hard links counted once
  // What this process may not make or set, and what was not wanted of it.
  std::uint64_t devices_left_out = 0;
  std::uint64_t owners_left_out = 0;
  std::uint64_t xattrs_left_out = 0;
};

// Writes into `directory`, which exists. Names that are there already are never followed;
// unless they are to be replaced, one of them ends the extraction. When it fails, some
// of it is there, and the error, a plain base::Error then, says so. The whole plan is
// made, and the image's metadata read, before the first name is written. Throws
// base::Error for a corrupt image, base::SystemError where the file system refuses, and
// what the options' functions throw.
Summary extract_into(const image::Image& image, const std::filesystem::path& directory,
                     const Options& options = {});

// Makes `directory`, which must not exist: it appears complete, by the renaming of
// a hidden directory beside it, or not at all, and nothing else is left: but where
// `on_progress` ends it and what was written takes more than a fifth of a second to
// remove, the hidden directory. Throws as extract_into does; base::SystemError with
// EEXIST if somebody else was first.
Summary extract_as(const image::Image& image, const std::filesystem::path& directory,
                   const Options& options = {});

}  // namespace xar::extract
