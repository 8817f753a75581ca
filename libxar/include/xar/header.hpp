// SPDX-License-Identifier: BSD-2-Clause
// The XAR header: the text in front of the image. Its only parser and its only
// printer; FORMAT.md, "The header", specifies it. Strict in what it prints,
// liberal in what it parses.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "xar/base/bytes.hpp"

namespace xar::header {

// The image starts at a positive multiple of this many bytes...
inline constexpr std::uint64_t kAlignment = 4096;
// ...and no later than this, which also bounds how long parsing can take.
inline constexpr std::uint64_t kMaxOffset = 1 << 20;

// What a header says.
struct Header {
  // The program that the kernel starts for the file: what follows "#!".
  std::string launcher = "/usr/bin/env xarexec_fuse";
  // Where the image starts, in bytes; print() computes it.
  std::uint64_t offset = kAlignment;
  // Names the mount: hex digits, at least one.
  std::string uuid;
  // Decimal seconds since 1970 in what we print; any text elsewhere, or empty.
  std::string version;
  // SHA-256 of the image in hex, padding included; files of others have none.
  std::optional<std::string> image_sha256;
  // Where to mount instead of the usual places; an absolute path.
  std::optional<std::string> mount_root;
  // What to execute, relative to the image's root; none in mount-only files.
  std::optional<std::string> target;
  // Lines with other names, which are kept and otherwise ignored.
  std::map<std::string, std::string> others;
};

// The header at the front of `text`, which begins with the file's first byte and
// need not end with the header's last. `name` is for messages. Throws
// base::Error that says which line is wrong and what was expected.
Header parse(std::string_view text, const std::filesystem::path& name);

// Reads and parses the header of an open file; reads at most kMaxOffset bytes.
// Throws base::Error as parse() does, base::SystemError if reading fails.
Header read(int fd, const std::filesystem::path& name);

// The bytes of `header` up to where the image starts: padded to the first
// multiple of kAlignment that holds them, which is also what their OFFSET says.
// Throws base::Error if a value cannot stand in a header.
std::string print(const Header& header);

}  // namespace xar::header
