// SPDX-License-Identifier: BSD-2-Clause
#include <limits>

#include "xar/archive.hpp"
#include "xar/base/file.hpp"

namespace xar::archive {

Normalised normalise(tree::Tree& tree, const Reproducibility& wanted) {
  Normalised result;
  if (wanted.owner) tree.set_owner(wanted.owner->uid, wanted.owner->gid);
  constexpr auto kEarliest = std::numeric_limits<std::int64_t>::min();
  if (wanted.source_date_epoch) tree.clamp_mtimes(kEarliest, *wanted.source_date_epoch);
  result.clamped = tree.clamp_mtimes(0, std::numeric_limits<std::uint32_t>::max());
  result.time = wanted.source_date_epoch.value_or(tree.newest_mtime());
  return result;
}

Summary build(const Build& what) {
  tree::ScanOptions scan;
  scan.excluded = what.excluded;
  scan.own_output = {what.output};
  if (what.image.on_progress) {
    scan.meanwhile = [&what] { what.image.on_progress({}); };
  }
  tree::Tree tree = tree::scan(what.source, scan);
  header::Header header;
  if (!what.target.empty()) {
    check_executable(tree, what.target, Executor::kLauncher);
    header.target = what.target;
  }
  const std::int64_t time = normalise(tree, what.reproducibility).time;
  header.version = std::to_string(time);
  squashfs::Options image = what.image;
  image.mtime = static_cast<std::uint32_t>(time);
  return write(what.output, std::move(header), tree, image, base::current_umask(),
               what.launcher);
}

}  // namespace xar::archive
