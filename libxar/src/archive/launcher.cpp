// SPDX-License-Identifier: BSD-2-Clause
// A launcher becomes the front of an archive: its program is cut off where it ends,
// padded, and told where the header stands. Nothing else of it is changed.
#include <fcntl.h>
#include <sys/stat.h>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/elf.hpp"

namespace xar::archive {
namespace {

std::string read_whole(const std::filesystem::path& path) {
  const base::Fd fd = base::open_file(path, O_RDONLY);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) base::throw_errno("cannot examine", path);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size > header::kMaxPosition) {
    throw base::Error(base::Errc::kInvalid, "not a launcher", path,
                      "expected a launcher program, 256 MiB at most");
  }
  std::string bytes(size, '\0');
  const auto out = std::as_writable_bytes(std::span(bytes.data(), bytes.size()));
  bytes.resize(base::read_at(fd.get(), 0, out, path));
  return bytes;
}

std::uint64_t aligned(std::uint64_t size) {
  return (size + header::kAlignment - 1) / header::kAlignment * header::kAlignment;
}

}  // namespace

Launcher read_launcher(const std::filesystem::path& path) {
  Launcher launcher{read_whole(path)};
  const elf::Program program = elf::examine(base::as_bytes(launcher.program), path);
  launcher.is_dynamic = program.is_dynamic;
  const auto mark = elf::find_mark(base::as_bytes(launcher.program));
  if (!mark) {
    throw base::Error(base::Errc::kInvalid, "not a launcher", path,
                      "it is another program: expected a launcher of this version");
  }
  launcher.program.resize(program.end);
  launcher.program.resize(aligned(program.end));
  const auto front = std::span(launcher.program.data(), launcher.program.size());
  elf::set_mark(std::as_writable_bytes(front), *mark,
                static_cast<std::uint32_t>(front.size() / header::kAlignment));
  return launcher;
}

}  // namespace xar::archive
