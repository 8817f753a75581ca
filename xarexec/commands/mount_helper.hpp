// SPDX-License-Identifier: BSD-2-Clause
// What mount(8) calls for the types xar and fuse.xar: by `mount -t xar FILE DIR`, a line
// of /etc/fstab, or systemd's mount unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct MountHelper {
  static constexpr Words kWords = {
      "", "", "FILE DIR", "Mounts a XAR on a directory, for mount(8).", "mount.xar"};
  // mount(8)'s exit statuses.
  static constexpr int kWrongUse = 1;
  static constexpr int kMountFailure = 32;

  std::string file;
  std::string directory;
  std::vector<std::string> options;
  std::optional<std::string> type;
  bool fake = false;
  bool sloppy = false;
  bool verbose = false;
  bool without_mtab = false;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
