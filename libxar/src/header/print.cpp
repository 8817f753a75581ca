// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "header/syntax.hpp"
#include "xar/base/error.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

// Linux reads no more of a first line than this, "#!" and newline included
// (BINPRM_BUF_SIZE in include/uapi/linux/binfmts.h).
constexpr std::size_t kMaxFirstLine = 256;

// Reached only if a shell runs the file as a script.
constexpr std::string_view kForShells =
    "echo 'This is a XAR, an application in one file: run it itself, or with "
    "xarexec_fuse.' >&2\n"
    "exit 1\n";

[[noreturn]] void reject(std::string_view name, std::string_view value,
                         std::string_view expected) {
  throw base::Error(base::Errc::kInvalid, "cannot stand in a XAR header",
                    std::string(name) + "=" + std::string(value),
                    "expected " + std::string(expected));
}

void add_line(std::string& text, std::string_view name, std::string_view value,
              std::string_view fault = "") {
  if (!fault.empty()) reject(name, value, fault);
  constexpr std::string_view kForbidden("\"\n\0", 3);
  if (value.find_first_of(kForbidden) != value.npos) {
    reject(name, value, "a value without quotes, newlines and NULs");
  }
  text.append(name).append("=\"").append(value).append("\"\n");
}

std::string first_line(std::string_view launcher) {
  const bool fits = launcher.size() + kShebang.size() + 1 <= kMaxFirstLine;
  constexpr std::string_view kForbidden("\n\0", 2);
  if (!launcher.starts_with('/') || !fits ||
      launcher.find_first_of(kForbidden) != launcher.npos) {
    reject("launcher", launcher,
           "one line that begins with an absolute path, 253 bytes at most");
  }
  return std::string(kShebang).append(launcher).append("\n");
}

std::string lines_after_offset(const Header& header) {
  std::string text;
  add_line(text, kUuid, header.uuid, uuid_problem(header.uuid));
  const bool decimal = !header.version.empty() && header.version.find_first_not_of(
                                                      "0123456789") == std::string::npos;
  add_line(text, kVersion, header.version, decimal ? "" : "decimal digits");
  const auto dependencies = header.others.find(std::string(kDependencies));
  add_line(text, kDependencies,
           dependencies == header.others.end() ? "" : dependencies->second);
  if (header.mount_root) {
    add_line(text, kMountRoot, *header.mount_root,
             fault_in_mount_root(*header.mount_root));
  }
  if (header.target)
    add_line(text, kTarget, *header.target, fault_in_target(*header.target));
  if (header.image_sha256) {
    add_line(text, kImageSha256, *header.image_sha256,
             fault_in_sha256(*header.image_sha256));
  }
  for (const auto& [name, value] : header.others) {
    if (name != kDependencies) add_line(text, name, value);
  }
  return text.append(kStop).append("\n").append(kForShells);
}

}  // namespace

std::string print(const Header& header) {
  const std::string before = first_line(header.launcher);
  const std::string after = lines_after_offset(header);
  // The longest OFFSET line that is allowed: its digits must not move the image.
  std::string longest;
  add_line(longest, kOffset, std::to_string(header.position + kMaxSize));
  const std::size_t length = before.size() + longest.size() + after.size();
  const std::size_t size = (length + kAlignment - 1) / kAlignment * kAlignment;
  if (size > kMaxSize) {
    throw base::Error(base::Errc::kInvalid,
                      "the XAR header would be over 1 MiB: shorten its values");
  }
  std::string text = before;
  add_line(text, kOffset, std::to_string(header.position + size));
  text += after;
  text.resize(size, '\n');
  return text;
}

}  // namespace xar::header
