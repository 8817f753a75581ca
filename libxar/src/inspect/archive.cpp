// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <unistd.h>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {

Archive open_archive(const std::filesystem::path& path) {
  base::Fd fd = base::open_file(path, O_RDONLY);
  header::Header header = header::read(fd.get(), path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) base::throw_errno("cannot examine", path);
  image::Image image =
      image::Image::open(base::duplicate(fd.get(), path), header.offset, path);
  return {path, std::move(fd), static_cast<std::uint64_t>(status.st_size),
          std::move(header), std::move(image)};
}

}  // namespace xar::inspect
