// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

void refuse_other_identity() {
  if (::getuid() == ::geteuid()) return;
  throw base::Error("real and effective user differ: xarexec must not be setuid");
}

}  // namespace

OpenArchive open_archive(const std::string& file) {
  refuse_other_identity();
  base::Fd fd = base::open_file(file, O_RDONLY);
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
