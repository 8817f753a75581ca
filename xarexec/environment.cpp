// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/number.hpp"
#include "xar/base/user_folders.hpp"
#include "xar/cli/run.hpp"
#include "xar/cli/value.hpp"

namespace xar::xarexec {
namespace {

constexpr const char* kTimeoutFile = "/var/lib/xarexec_timeout_override";

}  // namespace

std::uint32_t parse_seconds(std::string_view text, std::string_view source,
                            int exit_status) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto seconds = base::parse_number<std::uint32_t>(text);
  if (!seconds) {
    throw cli::StatusError(exit_status, "bad time-out", source,
                           "expected whole seconds, 0 for never");
  }
  return *seconds;
}

namespace {}  // namespace

std::optional<std::size_t> read_cache_size() {
  const char* text = std::getenv("XAR_CACHE_SIZE");
  if (text == nullptr) return std::nullopt;
  const auto size = cli::parse_size(text);
  if (!size) {
    throw base::Error("bad cache size", "XAR_CACHE_SIZE",
                      "expected bytes, or a number with K, M or G: 64M");
  }
  return size;
}

mount::MountContext read_mount_context() {
  mount::MountContext context;
  if (const char* seed = std::getenv("XAR_MOUNT_SEED")) context.seed = seed;
  if (const char* folder = std::getenv("XDG_RUNTIME_DIR")) {
    context.runtime_folder = folder;
  }
  if (const char* timeout = std::getenv("XAR_MOUNT_TIMEOUT")) {
    context.timeout = parse_seconds(timeout, "XAR_MOUNT_TIMEOUT");
  } else if (::access(kTimeoutFile, R_OK) == 0) {
    context.timeout = parse_seconds(base::read_text(kTimeoutFile, 64), kTimeoutFile);
  }
  return context;
}

std::optional<backend::Backend> read_backend(const std::optional<std::string>& option) {
  if (option) return backend::parse_backend(*option, "--backend");
  const char* word = std::getenv("XAR_BACKEND");
  if (word == nullptr || *word == '\0') return std::nullopt;
  return backend::parse_backend(word, "XAR_BACKEND");
}

namespace {

namespace fs = std::filesystem;

class LocationList {
 public:
  // A folder of the user's in a directory of the user's.
  void add(fs::path folder) { add({std::move(folder), false}); }

  // The same in a directory that users share.
  void add_in_shared(const fs::path& directory) {
    add({directory / ("xar-" + std::to_string(::geteuid())), true});
  }

  // A folder in each of the directories that the variable names, separated by colons.
  void add_in_each_of(const char* variable) {
    const char* value = std::getenv(variable);
    std::string_view rest = value == nullptr ? "" : value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      if (end > 0) add(fs::path(rest.substr(0, end)) / "xar");
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  std::vector<cache::Location> take() { return std::move(locations_); }

 private:
  void add(cache::Location location) {
    location.folder = location.folder.lexically_normal();
    for (const cache::Location& known : locations_) {
      if (known.folder == location.folder) return;
    }
    if (location.folder.is_absolute()) locations_.push_back(std::move(location));
  }

  std::vector<cache::Location> locations_;
};

}  // namespace

std::vector<cache::Location> read_cache_locations(const std::vector<fs::path>& roots) {
  LocationList list;
  for (const fs::path& caches : base::cache_folders_of_environment(
           std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"))) {
    list.add(caches / "xar");
  }
  for (const char* of_service :
       {"CACHE_DIRECTORY", "STATE_DIRECTORY", "RUNTIME_DIRECTORY"}) {
    list.add_in_each_of(of_service);
  }
  const fs::path home = base::home_in_password_file(::geteuid());
  if (!home.empty()) list.add(home / ".cache" / "xar");
  // Not "xar", where mounts are.
  if (const char* session = std::getenv("XDG_RUNTIME_DIR")) {
    list.add(fs::path(session) / "xar-cache");
  }
  if (const char* temporary = std::getenv("TMPDIR")) list.add_in_shared(temporary);
  for (const char* directory : {"/var/tmp", "/tmp"}) list.add_in_shared(directory);
  for (const fs::path& root : roots) list.add_in_shared(root);
  return list.take();
}

fs::path read_block_cache_folder() {
  const fs::path caches =
      base::user_cache_folder(std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"));
  return caches.empty() ? caches : caches / "xar";
}

}  // namespace xar::xarexec
