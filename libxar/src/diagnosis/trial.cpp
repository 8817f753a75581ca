// SPDX-License-Identifier: BSD-2-Clause
#include "diagnosis/trial.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::diagnosis {
namespace {

bool write_file(const char* path, const std::string& text) {
  const base::Fd fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd &&
         ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool enter_namespaces(Rights rights) {
  const std::string uid = std::to_string(::geteuid());
  const std::string gid = std::to_string(::getegid());
  const bool as_user = rights == Rights::kUserNamespace;
  if (::unshare(CLONE_NEWNS | (as_user ? CLONE_NEWUSER : 0)) != 0) return false;
  if (as_user && !(write_file("/proc/self/setgroups", "deny") &&
                   write_file("/proc/self/uid_map", uid + ' ' + uid + " 1") &&
                   write_file("/proc/self/gid_map", gid + ' ' + gid + " 1"))) {
    return false;
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

Trial failed(Step step) {
  return {step, errno};
}

// A mount that is never attached to a directory and ends with its descriptor: the kernel
// demands the same right for it. For where no mount namespace can be made whose mounts
// are not seen elsewhere: in a chroot, whose root is no mount point, and where making
// namespaces is forbidden.
Trial try_detached(int device) {
  const base::Fd context(::fsopen("fuse", FSOPEN_CLOEXEC));
  if (!context) return failed(Step::kMount);
  const std::pair<const char*, std::string> parameters[] = {
      {"source", "trial"},
      {"fd", std::to_string(device)},
      {"rootmode", "40000"},
      {"user_id", std::to_string(::geteuid())},
      {"group_id", std::to_string(::getegid())}};
  for (const auto& [name, value] : parameters) {
    if (::fsconfig(context.get(), FSCONFIG_SET_STRING, name, value.c_str(), 0) != 0) {
      return failed(Step::kMount);
    }
  }
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    return failed(Step::kMount);
  }
  const base::Fd mount(::fsmount(context.get(), FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY));
  return mount ? Trial() : failed(Step::kMount);
}

Trial try_here(Rights rights) {
  const bool is_apart = enter_namespaces(rights);
  if (!is_apart && rights == Rights::kUserNamespace) return failed(Step::kNamespace);
  const base::Fd device(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
  if (!device) return failed(Step::kDevice);
  if (!is_apart) return try_detached(device.get());
  const std::string data = "fd=" + std::to_string(device.get()) +
                           ",rootmode=40000,user_id=" + std::to_string(::geteuid()) +
                           ",group_id=" + std::to_string(::getegid());
  if (::mount("trial", "/", "fuse", MS_RDONLY | MS_NOSUID | MS_NODEV, data.c_str()) !=
      0) {
    return failed(Step::kMount);
  }
  return {};
}

}  // namespace

Trial try_mounting(Rights rights) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    base::throw_errno("cannot make a pipe for", "a trial");
  const base::Fd result(ends[0]);
  base::Fd report(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) base::throw_errno("cannot start a process for", "a trial");
  if (child == 0) {
    const Trial trial = try_here(rights);
    const bool told = ::write(report.get(), &trial, sizeof trial) == sizeof trial;
    ::_exit(told ? 0 : 1);
  }
  report.reset();
  Trial trial{Step::kNamespace, EPERM};
  const ssize_t got = ::read(result.get(), &trial, sizeof trial);
  // A filter of system calls may kill instead of refusing.
  if (got != sizeof trial) trial = {Step::kNamespace, EPERM};
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return trial;
}

}  // namespace xar::diagnosis
