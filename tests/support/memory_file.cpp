// SPDX-License-Identifier: BSD-2-Clause
#include "support/memory_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <stdexcept>

#include "xar/base/file.hpp"

namespace xar::test {

base::Fd memory_file(base::ByteView content) {
  base::Fd fd(::memfd_create("test", MFD_CLOEXEC));
  if (!fd) throw std::runtime_error("cannot make a file in memory");
  base::write_at(fd.get(), 0, content, "memory");
  return fd;
}

base::Bytes content_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw std::runtime_error("cannot examine a file");
  base::Bytes content(static_cast<std::size_t>(status.st_size));
  if (base::read_at(fd, 0, content, "memory") != content.size())
    throw std::runtime_error("a file is shorter than it says");
  return content;
}

}  // namespace xar::test
