// SPDX-License-Identifier: BSD-2-Clause
// The XAR header: the text in front of the image. This is its only parser and its only
// printer. FORMAT.md specifies it in "The header"; a launcher may precede it, see
// "Standalone archives".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "xar/base/bytes.hpp"

namespace xar::header {

// Header and image start at multiples of this many bytes.
inline constexpr std::uint64_t kAlignment = 4096;
// The image starts at most this many bytes behind the header's first byte, which also
// limits the time of parsing.
inline constexpr std::uint64_t kMaxSize = 1 << 20;
// The header starts at most at this position in the file, in bytes.
inline constexpr std::uint64_t kMaxPosition = 256 << 20;

// The content of a header.
struct Header {
  // The program that the kernel executes for the file: the text behind "#!".
  std::string launcher = "/usr/bin/env xarexec_fuse";
  // The position of the header in the file, in bytes: 0, or behind the launcher of a
  // standalone archive.
  std::uint64_t position = 0;
  // The position of the image in the file, in bytes. print() computes it.
  std::uint64_t offset = kAlignment;
  // A part of the mount's name: hex digits, at least one.
  std::string uuid;
  // Decimal seconds since 1970 in what we print; any text elsewhere, or empty.
  std::string version;
  // The SHA-256 digest of the image with its padding, in lower-case hex. Archives of
  // other programs have none.
  std::optional<std::string> image_sha256;
  // The only mount root to use: an absolute path.
  std::optional<std::string> mount_root;
  // What a launch executes, relative to the image's root. Empty: the archive can only be
  // mounted.
  std::optional<std::string> target;
  // Lines with other names, which are kept and have no effect.
  std::map<std::string, std::string> others;
};

// Parses the header at the front of `text`, which is the file's content from byte
// `position` on, and may be longer than the header. Messages call the file `name`. Throws
// base::Error that says which line is wrong and what was expected.
Header parse(std::string_view text, const std::filesystem::path& name,
             std::uint64_t position = 0);

// Whether a launcher runs a target that begins with `front` by `/bin/sh -e`. Otherwise
// the kernel executes it. The first 256 bytes are enough.
bool is_run_by_shell(std::string_view front);

// Reads and parses the header of an open file, which is borrowed, standalone or not.
// Reads at most elf::kFrontSize and kMaxSize bytes. Throws base::Error as parse(), and
// for a launcher that has lost its archive; base::SystemError if reading fails.
Header read(int fd, const std::filesystem::path& name);

// Returns the bytes of `header` up to the image: padded to the first multiple of
// kAlignment that is large enough, which is also their OFFSET. Throws base::Error if a
// value cannot be in a header.
std::string print(const Header& header);

}  // namespace xar::header
