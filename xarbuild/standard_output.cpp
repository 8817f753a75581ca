// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/standard_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/cli/option_set.hpp"
#include "xar/cli/run.hpp"

namespace xar::xarbuild {

void require_no_terminal() {
  if (::isatty(STDOUT_FILENO) != 1) return;
  throw cli::StatusError(
      cli::kWrongUse,
      "will not write an archive to a terminal: redirect it, or name a file");
}

void copy_to_standard_output(const std::filesystem::path& file) {
  constexpr std::size_t kBuffer = 1 << 20;
  const base::Fd fd = base::open_file(file, O_RDONLY);
  base::Bytes buffer(kBuffer);
  for (std::uint64_t at = 0;;) {
    const std::size_t got = base::read_at(fd.get(), at, buffer, file);
    base::write_all(STDOUT_FILENO, base::ByteView(buffer).first(got), "standard output");
    if (got < buffer.size()) return;
    at += got;
  }
}

}  // namespace xar::xarbuild
