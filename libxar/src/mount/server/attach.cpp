// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/attach.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "xar/base/error.hpp"
#include "xar/base/fd_socket.hpp"
#include "xar/base/file.hpp"
#include "xar/base/process.hpp"

namespace xar::mount {
namespace {

// The original's cleaner looks for this type and no other.
constexpr const char* kSubtype = "squashfuse_ll";
constexpr const char* kHelper = "fusermount3";

base::Fd open_device() {
  base::Fd device(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
  if (!device) {
    throw base::Error(
        "cannot open", "/dev/fuse",
        std::string(std::strerror(errno)) +
            ": this needs FUSE: load the module fuse, or give the container /dev/fuse");
  }
  return base::above_standard_streams(std::move(device));
}

// What mount(2) and the helper spell the same.
std::string shared_options(const ServeOptions& options) {
  std::string text;
  if (options.access != Access::kOwner) text += ",allow_other";
  if (options.access == Access::kEveryone) text += ",default_permissions";
  return text;
}

// Mounts by mount(2). An empty result: this process may not.
base::Fd attach_directly(const ServeOptions& options) {
  base::Fd device = open_device();
  const std::string type = std::string("fuse.") + kSubtype;
  std::string data = "fd=" + std::to_string(device.get()) +
                     ",rootmode=40000,user_id=" + std::to_string(::geteuid()) +
                     ",group_id=" + std::to_string(::getegid());
  data += shared_options(options);
  const unsigned long flags =
      MS_RDONLY | MS_NOSUID | MS_NODEV | (options.noexec ? MS_NOEXEC : 0);
  const auto mount_on = [&](const std::string& path) {
    return ::mount(options.archive.c_str(), path.c_str(), type.c_str(), flags,
                   data.c_str()) == 0;
  };
  const int directory = options.directory;
  if (directory >= 0 && mount_on("/proc/self/fd/" + std::to_string(directory))) {
    return device;
  }
  // Without a descriptor, or /proc, it has to be the name.
  if ((directory < 0 || errno == ENOENT) && mount_on(options.point)) return device;
  if (errno != EPERM) base::throw_errno("cannot mount on", options.point);
  return base::Fd();
}

bool mounts_itself(const ServeOptions& options) {
  return ::geteuid() == 0 || !options.by_helper;
}

// `text` as a value in a list of mount options.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == ',' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

// What the helper said, on one line, without its own name in front.
std::string helper_words(const base::Outcome& outcome) {
  std::string words = outcome.errors.substr(0, outcome.errors.find('\n'));
  const std::string prefix = std::string(kHelper) + ": ";
  if (words.starts_with(prefix)) words.erase(0, prefix.size());
  if (words.empty()) words = "it ended with status " + std::to_string(outcome.status);
  return words;
}

// With less stack the helper crashes at times, also when it is to unmount.
void require_stack_of_helper() {
  constexpr rlim_t kEnough = rlim_t{64} << 10;
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_max >= kEnough) return;
  throw base::Error(std::string("cannot run ") + kHelper +
                    ": the stack is limited to less than 64 KiB: see ulimit -s");
}

// Mounts through the helper, which sends the open device over a socket whose
// number it finds in the environment.
base::Fd attach_by_helper(const ServeOptions& options) {
  require_stack_of_helper();
  auto [ours, theirs] = base::make_sockets();

  std::string text = "ro,nosuid,nodev,subtype=" + std::string(kSubtype) +
                     ",fsname=" + escaped(options.archive);
  if (options.noexec) text += ",noexec";
  text += shared_options(options);
  base::Command command;
  command.arguments = {kHelper, "-o", text, "--", options.point.native()};
  command.environment = {"_FUSE_COMMFD=" + std::to_string(theirs.get())};
  command.inherited_fd = theirs.get();

  base::Child helper(command);
  theirs.reset();
  std::array<std::byte, 1> beside{};
  base::Fd device = base::receive_fd(ours.get(), beside);
  const base::Outcome outcome = helper.wait();
  if (!device || outcome.status != 0) {
    throw base::Error("cannot mount on", options.point,
                      std::string(kHelper) + ": " + helper_words(outcome));
  }
  return device;
}

constexpr const char* kNoHelper = "there is no fusermount3: install the package fuse3";

Detached detach_by_helper(const std::filesystem::path& point, Detach how) {
  try {
    const char* option = how == Detach::kNow ? "-uz" : "-u";
    const base::Outcome outcome = base::run({{kHelper, option, "--", point}, {}, -1});
    if (outcome.status == 0) return {true, false, {}};
    std::string reason = std::string(kHelper) + ": " + helper_words(outcome);
    const bool is_busy = reason.ends_with(std::strerror(EBUSY));
    // It finds there which mounts are the user's.
    if (::access("/etc/mtab", R_OK) != 0) {
      reason += ": as root: ln -s /proc/self/mounts /etc/mtab";
    }
    return {false, is_busy, reason};
  } catch (const base::SystemError& error) {
    return {false, false, error.number() == ENOENT ? kNoHelper : error.what()};
  }
}

}  // namespace

void require_device(const ServeOptions& options) {
  if (mounts_itself(options)) static_cast<void>(open_device());
}

bool has_same_ids() {
  uid_t user = 0;
  uid_t effective_user = 0;
  uid_t saved_user = 0;
  gid_t group = 0;
  gid_t effective_group = 0;
  gid_t saved_group = 0;
  return ::getresuid(&user, &effective_user, &saved_user) == 0 &&
         ::getresgid(&group, &effective_group, &saved_group) == 0 &&
         user == effective_user && user == saved_user && group == effective_group &&
         group == saved_group;
}

void require_same_ids() {
  if (has_same_ids()) return;
  throw base::Error(
      "cannot use a FUSE mount: real, effective and saved user and group differ");
}

base::Fd attach(const ServeOptions& options) {
  if (mounts_itself(options)) {
    base::Fd device = attach_directly(options);
    if (device) return device;
    if (!options.by_helper) base::throw_errno("cannot mount on", options.point);
  }
  try {
    return attach_by_helper(options);
  } catch (const base::SystemError& error) {
    // A search through PATH says EACCES where a folder of it cannot be entered.
    if (error.number() != ENOENT && error.number() != EACCES) throw;
    throw base::Error("cannot mount on", options.point, kNoHelper);
  }
}

Detached detach(const std::filesystem::path& point, Detach how) {
  const int flag = how == Detach::kNow ? MNT_DETACH : 0;
  if (::umount2(point.c_str(), flag | UMOUNT_NOFOLLOW) == 0) {
    return {true, false, {}};
  }
  if (errno != EPERM) return {false, errno == EBUSY, std::strerror(errno)};
  return detach_by_helper(point, how);
}

Expiry expire(const std::filesystem::path& point) {
  if (::umount2(point.c_str(), MNT_EXPIRE | UMOUNT_NOFOLLOW) == 0) return Expiry::kGone;
  if (errno == EAGAIN) return Expiry::kMarked;
  return errno == EPERM ? Expiry::kForbidden : Expiry::kBusy;
}

}  // namespace xar::mount
