// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/suggestion.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

void refuse_other_identity() {
  if (::getuid() == ::geteuid()) return;
  throw base::Error("real and effective user differ: xarexec must not be setuid");
}

// `error` is why `file` could not be opened.
[[noreturn]] void throw_with_suggestion(const base::SystemError& error,
                                        const std::string& file) {
  if (error.number() != ENOENT) throw error;
  const auto meant = base::nearest_file(file);
  if (!meant) throw error;
  throw base::Error(error.kind(), error.what() + std::string(": did you mean ") +
                                      meant->native() + "?");
}

}  // namespace

inspect::Archive open_to_inspect(const std::string& file) {
  try {
    return inspect::open_archive(file);
  } catch (const base::SystemError& error) {
    throw_with_suggestion(error, file);
  }
}

OpenArchive open_archive(const std::string& file) {
  refuse_other_identity();
  base::Fd fd;
  try {
    fd = base::open_file(file, O_RDONLY);
  } catch (const base::SystemError& error) {
    throw_with_suggestion(error, file);
  }
  OpenArchive archive = open_archive(file, fd.get());
  archive.fd = std::move(fd);
  return archive;
}

OpenArchive open_archive(const std::string& file, int fd) {
  refuse_other_identity();
  OpenArchive archive;
  archive.header = header::read(fd, file);
  archive.to_mount = mount::identify(file, fd, archive.header);
  archive.to_mount.cache_size = read_cache_size().value_or(archive.to_mount.cache_size);
  return archive;
}

}  // namespace xar::xarexec
