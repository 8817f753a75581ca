// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/temporary_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "xar/base/error.hpp"

namespace xar::base {

Fd open_temporary_file() {
  const char* chosen = ::getenv("TMPDIR");
  const std::string folder = chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
  Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd) return fd;
  // Not every file system has files without a name.
  std::string name = folder + "/xarbuild.XXXXXX";
  fd.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) throw_errno("cannot create a file in", folder);
  ::unlink(name.c_str());
  return fd;
}

}  // namespace xar::base
