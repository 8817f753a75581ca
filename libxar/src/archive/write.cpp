// SPDX-License-Identifier: BSD-2-Clause
#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/digest.hpp"

namespace xar::archive {
namespace {

constexpr std::size_t kUuidDigits = 32;

void name_by_digest(header::Header& header, const std::string& digest) {
  header.uuid = digest.substr(0, kUuidDigits);
  header.image_sha256 = digest;
}

}  // namespace

Summary write(const std::filesystem::path& output, header::Header header,
              const tree::Tree& tree, const squashfs::Options& options, mode_t umask,
              const std::optional<Launcher>& launcher) {
  if (header.target) check_executable(tree, *header.target, Executor::kLauncher);
  header.position = launcher ? launcher->program.size() : 0;
  // The header's length is needed before the digest is known, and every digest
  // is as long as any other.
  name_by_digest(header, std::string(64, '0'));
  const std::uint64_t offset = header.position + header::print(header).size();

  base::AtomicFile file(output);
  Summary summary;
  summary.image = squashfs::write_image(file.fd(), offset, output, tree, options);
  const auto tick = [&] {
    const std::uint64_t all = summary.image.content_bytes;
    if (options.on_progress) options.on_progress({all, all});
  };
  name_by_digest(
      header, digest::sha256(file.fd(), offset, summary.image.image_bytes, output, tick));
  if (launcher) base::write_at(file.fd(), 0, base::as_bytes(launcher->program), output);
  base::write_at(file.fd(), header.position, base::as_bytes(header::print(header)),
                 output);
  file.commit((header.target || launcher ? 0755 : 0644) & ~umask);
  summary.file_bytes = offset + summary.image.image_bytes;
  return summary;
}

}  // namespace xar::archive
