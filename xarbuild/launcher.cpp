// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/launcher.hpp"

#include <unistd.h>

#include <cstdio>
#include <system_error>

#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

namespace fs = std::filesystem;

// Relative to the folder that xarbuild is in. A distribution that links its programs
// dynamically has a static launcher in the first place.
constexpr const char* kPlaces[] = {"../libexec/xar/xarexec", "xarexec"};

fs::path installed_launcher() {
  std::error_code failed;
  const fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
  if (failed) {
    throw base::Error("no launcher found", "/proc/self/exe",
                      "mount /proc, or name one with --launcher");
  }
  for (const char* place : kPlaces) {
    fs::path path = (folder / place).lexically_normal();
    if (::access(path.c_str(), F_OK) == 0) return path;
  }
  throw base::Error("no launcher found", folder / kPlaces[1],
                    "install xarexec beside xarbuild, or name one with --launcher");
}

}  // namespace

std::optional<archive::Launcher> find_launcher(const Options& options) {
  if (!options.standalone) return std::nullopt;
  const fs::path path = options.program ? *options.program : installed_launcher();
  archive::Launcher launcher = archive::read_launcher(path);
  if (launcher.is_dynamic) {
    std::fprintf(stderr,
                 "xarbuild: %s is not linked statically: the archive runs only where its "
                 "shared libraries are\n",
                 base::printable(path.native()).c_str());
  }
  return launcher;
}

}  // namespace xar::xarbuild
