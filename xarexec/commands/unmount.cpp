// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/unmount.hpp"

#include "xarexec/advice.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/cli/run.hpp"
#include "xar/mount/list.hpp"

namespace xar::xarexec {
namespace {

namespace fs = std::filesystem;
using Mounts = std::vector<mount::Mounted>;

bool is_same_file(const fs::path& a, const fs::path& b) {
  std::error_code failed;
  return a == b || (fs::equivalent(a, b, failed) && !failed);
}

// What is mounted at `point`. It is compared as text: to look at a mount whose server is
// dead or stuck would fail or take for ever.
Mounts uppermost_at(const Mounts& all, const fs::path& point) {
  std::error_code failed;
  const fs::path folder = base::canonical_path(point.parent_path(), failed);
  const mount::Mounted* found = mount::mounted_at(all, folder / point.filename());
  if (found == nullptr) found = mount::mounted_at(all, point);
  return found == nullptr ? Mounts{} : Mounts{*found};
}

// The path of the file `name` as mounts have it. A user can have the right to open a file
// and none to search its parents.
fs::path path_of(const std::string& name) {
  const base::Fd fd(::open(name.c_str(), O_PATH | O_CLOEXEC));
  return fd ? base::path_of(fd.get()) : fs::path();
}

// The mounts of the archive `path` that the caller may unmount; all of them if none is.
Mounts mounts_of(const Mounts& all, const fs::path& path, const std::string& name) {
  const fs::path real = path_of(name);
  Mounts found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const auto& mounted) {
                 return is_same_file(mounted.archive, path) ||
                        (!real.empty() && mounted.archive == real);
               });
  Mounts own;
  std::copy_if(found.begin(), found.end(), std::back_inserter(own),
               [](const auto& mounted) { return mounted.owner == ::geteuid(); });
  return own.empty() ? found : own;
}

Mounts named(const Mounts& all, const std::string& name) {
  std::error_code failed;
  fs::path path = fs::absolute(name, failed).lexically_normal();
  if (failed) path = name;
  if (!path.has_filename()) path = path.parent_path();
  Mounts found = uppermost_at(all, path);
  if (found.empty()) found = mounts_of(all, path, name);
  if (found.empty()) {
    throw base::Error("nothing to unmount at", name,
                      "no archive and no mount point of one: see xarexec --list");
  }
  return found;
}

Mounts own(const Mounts& all) {
  Mounts found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [](const auto& mounted) { return mounted.owner == ::geteuid(); });
  return found;
}

// Each of them, the last mounted first, whatever becomes of the others.
int unmount_each(Mounts mounts, bool lazily) {
  std::reverse(mounts.begin(), mounts.end());
  int status = 0;
  mount::unmount(mounts, lazily, [&](const std::exception_ptr& error) {
    const auto rethrow = [&error]() -> int { std::rethrow_exception(error); };
    status = std::max(status, cli::run_main("xarexec", rethrow, advice_for));
  });
  return status;
}

}  // namespace

void Unmount::describe(cli::OptionSet& options) {
  options.flag("--all", all, "All that this user has mounted");
  options.flag("-l,--lazy", lazily,
               "Even if in use: later runs do not use it, and those who do keep it");
  options.optional_operand("FILE|DIR", what, "The archive, or where it is mounted");
}

int Unmount::run() const {
  if (all == what.has_value()) {
    throw cli::StatusError(
        cli::kWrongUse, "expected a FILE, a DIR or --all: see xarexec --unmount --help");
  }
  const Mounts mounts = mount::list_mounted();
  return unmount_each(all ? own(mounts) : named(mounts, *what), lazily);
}

}  // namespace xar::xarexec
