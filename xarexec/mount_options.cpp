// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/mount_options.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "xar/base/error.hpp"
#include "xar/cli/option_set.hpp"
#include "xar/cli/run.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

// What mount(8) and /etc/fstab say of every type, and what has no effect on a read-only
// file system without set-ID bits and devices.
constexpr std::array kWithoutEffect = {
    "defaults",   "ro",         "rw",          "suid",          "nosuid",
    "dev",        "nodev",      "exec",        "async",         "sync",
    "dirsync",    "atime",      "noatime",     "diratime",      "nodiratime",
    "relatime",   "norelatime", "strictatime", "nostrictatime", "lazytime",
    "nolazytime", "iversion",   "noiversion",  "mand",          "nomand",
    "silent",     "loud",       "auto",        "noauto",        "user",
    "nouser",     "users",      "nousers",     "owner",         "noowner",
    "group",      "nogroup",    "nofail",      "_netdev",       "default_permissions",
    "nonempty"};

constexpr std::array kWithValueWithoutEffect = {"offset", "sizelimit", "comment",
                                                "fsname", "subtype",   "loop"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_without_effect(std::string_view name) {
  return name.empty() || name.starts_with("x-") || name.starts_with("X-") ||
         is_one_of(kWithoutEffect, name) || is_one_of(kWithValueWithoutEffect, name);
}

void apply(std::string_view option, Unknown unknown, mount::MountOptions& options) {
  const std::size_t equals = std::min(option.find('='), option.size());
  const std::string_view name = option.substr(0, equals);
  const std::string_view value = option.substr(std::min(equals + 1, option.size()));
  if (name == "timeout") {
    options.timeout = parse_seconds(value, "the option timeout", cli::kWrongUse);
  } else if (name == "allow_other") {
    options.allow_other = true;
  } else if (name == "allow_root") {
    options.allow_root = true;
  } else if (name == "noexec") {
    options.noexec = true;
  } else if (name == "remount") {
    throw cli::StatusError(cli::kWrongUse,
                           "cannot remount: unmount it, and mount it again");
  } else if (!is_without_effect(name) && unknown == Unknown::kRefused) {
    throw cli::StatusError(
        cli::kWrongUse,
        "unknown mount option: " + std::string(option) + ": see mount.xar --help");
  }
}

}  // namespace

void apply_mount_options(std::string_view list, Unknown unknown,
                         mount::MountOptions& options) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    apply(list.substr(0, end), unknown, options);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

}  // namespace xar::xarexec
