// SPDX-License-Identifier: BSD-2-Clause
// The XAR header: the text in front of the image. Its only parser and its only
// printer; FORMAT.md, "The header", specifies it. Strict in what it prints,
// liberal in what it parses. In front of it may be a launcher: "Standalone archives".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "xar/base/bytes.hpp"

namespace xar::header {

// Header and image start at multiples of this many bytes...
inline constexpr std::uint64_t kAlignment = 4096;
// ...the image no later than this behind the header's first byte, which also bounds how
// long parsing can take...
inline constexpr std::uint64_t kMaxSize = 1 << 20;
// ...and the header no later than this in the file.
inline constexpr std::uint64_t kMaxPosition = 256 << 20;

// What a header says.
struct Header {
  // The program that the kernel starts for the file: what follows "#!".
  std::string launcher = "/usr/bin/env xarexec_fuse";
  // Where in the file the header starts, in bytes: 0, or behind the launcher of a
  // standalone archive.
  std::uint64_t position = 0;
  // Where in the file the image starts, in bytes; print() computes it.
  std::uint64_t offset = kAlignment;
  // Names the mount: hex digits, at least one.
  std::string uuid;
  // Decimal seconds since 1970 in what we print; any text elsewhere, or empty.
  std::string version;
  // SHA-256 of the image in lower-case hex, padding included; files of others have none.
  std::optional<std::string> image_sha256;
  // Where to mount instead of the usual places; an absolute path.
  std::optional<std::string> mount_root;
  // What to execute, relative to the image's root; none in mount-only files.
  std::optional<std::string> target;
  // Lines with other names, which are kept and otherwise ignored.
  std::map<std::string, std::string> others;
};

// The header at the front of `text`, which begins with the header's first byte, the
// file's byte at `position`, and need not end with the header's last. `name` is for
// messages. Throws base::Error that says which line is wrong and what was expected.
Header parse(std::string_view text, const std::filesystem::path& name,
             std::uint64_t position = 0);

// Whether a launcher runs a target whose content begins with `front` by `/bin/sh -e`.
// Otherwise the kernel executes it. The first 256 bytes are enough.
bool is_run_by_shell(std::string_view front);

// Reads and parses the header of an open file, standalone or not; reads at most
// elf::kFrontSize and kMaxSize bytes. Throws base::Error as parse() does, also
// for a launcher that has lost its archive; base::SystemError if reading fails.
Header read(int fd, const std::filesystem::path& name);

// The bytes of `header` up to where the image starts: padded to the first
// multiple of kAlignment that holds them, which is also what their OFFSET says.
// Throws base::Error if a value cannot stand in a header.
std::string print(const Header& header);

}  // namespace xar::header
