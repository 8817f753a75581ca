// SPDX-License-Identifier: BSD-2-Clause
// What mount(8) calls for the types xar and fuse.xar: by `mount -t xar FILE DIR`, a line
// of /etc/fstab, or systemd's mount unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct MountHelper {
  static constexpr CommandInfo kInfo = {
      "",
      "",
      "FILE DIR",
      "Mount a XAR on a directory, for mount(8)",
      "0; 1 for wrong use, 32 if nothing is mounted",
      "  mount.xar data.xar mnt\n"
      "  mount.xar data.xar mnt -o noexec,timeout=600\n",
      "mount.xar"};
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

  void describe(cli::OptionSet& set);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
