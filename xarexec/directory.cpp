// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/directory.hpp"

#include <fcntl.h>

#include <array>
#include <span>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/inspect.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

// Whether the kernel executes the target itself, which sh could otherwise read.
bool needs_exec(const OpenArchive& archive) {
  if (archive.fd.get() < 0) return true;
  if (!archive.header.target) return false;
  base::Fd file = base::duplicate(archive.fd.get(), archive.to_mount.path);
  if (!file) base::throw_errno("cannot duplicate", archive.to_mount.path);
  const auto image =
      image::Image::open(std::move(file), archive.header.offset, archive.to_mount.path);
  const inspect::Node node = inspect::find(image, *archive.header.target, true);
  std::array<char, 256> front{};
  std::size_t got = 0;
  const auto bytes = std::as_writable_bytes(std::span(front));
  return image.read(node.entry.inode, 0, bytes, got) != 0 ||
         !header::is_run_by_shell({front.data(), got});
}

}  // namespace

std::vector<cache::Location> cache_locations_for(
    const header::Header& header, const std::vector<std::filesystem::path>& roots) {
  if (header.mount_root) return read_cache_locations({*header.mount_root});
  return read_cache_locations(roots);
}

backend::Request request_for(const OpenArchive& archive,
                             const mount::MountContext& context,
                             std::optional<backend::Backend> backend, bool for_others) {
  backend::Request request{archive.header, archive.to_mount, context, {},
                           backend,        for_others,       {}};
  request.locations = [&archive, &context] {
    return cache_locations_for(archive.header, context.roots);
  };
  if (!for_others) request.needs_exec = [&archive] { return needs_exec(archive); };
  return request;
}

backend::Directory open_archive_directory(const backend::Request& request) {
  try {
    return backend::open_directory(request);
  } catch (const base::Error& error) {
    if (error.kind() != base::Errc::kNoBackend) throw;
    throw base::Error(error.what() + std::string(": see xarexec --doctor ") +
                      request.archive.path.native());
  }
}

}  // namespace xar::xarexec
