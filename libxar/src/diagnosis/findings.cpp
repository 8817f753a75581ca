// SPDX-License-Identifier: BSD-2-Clause
#include "diagnosis/findings.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "diagnosis/trial.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/progress.hpp"
#include "xar/cache.hpp"

namespace xar::diagnosis {
namespace {

namespace fs = std::filesystem;

Finding good(std::string subject, std::string what) {
  return {std::move(subject), true, std::move(what), ""};
}

Finding bad(std::string subject, std::string what, std::string fix) {
  return {std::move(subject), false, std::move(what), std::move(fix)};
}

Finding find_device() {
  constexpr const char* kDevice = kDeviceSubject;
  const base::Fd fd(::open(kDevice, O_RDWR | O_CLOEXEC));
  if (fd) return good(kDevice, "can be opened");
  switch (errno) {
    case ENOENT:
      return bad(kDevice, "is not there",
                 "modprobe fuse; give a container the device: docker run --device "
                 "/dev/fuse");
    case ENODEV:
    case ENXIO:
      return bad(kDevice, "the kernel has no FUSE", "modprobe fuse");
    case EACCES:
      return bad(kDevice, "this user may not open it",
                 "chmod 666 /dev/fuse, as udev does");
    case EPERM:
      return bad(kDevice, "the container may not open it",
                 "start it with the device: docker run --device /dev/fuse");
    default:
      return bad(kDevice, std::strerror(errno), "");
  }
}

Finding find_privilege() {
  constexpr const char* kSubject = kPrivilegeSubject;
  if (::geteuid() != 0) return bad(kSubject, "only root may", "");
  const Trial trial = try_mounting(Rights::kOwn);
  if (trial.passed(Step::kMount)) return good(kSubject, "may mount FUSE");
  if (trial.passed(Step::kNamespace) && !trial.passed(Step::kDevice)) {
    return bad(kSubject, "there is nothing to mount without /dev/fuse", "");
  }
  return bad(kSubject, std::string("root may not here: ") + std::strerror(trial.error),
             "give the container the right: docker run --cap-add SYS_ADMIN "
             "--security-opt apparmor=unconfined");
}

std::optional<fs::path> in_path(const std::string& program) {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/bin:/usr/bin";
  for (;;) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const fs::path candidate = fs::path(end == 0 ? "." : rest.substr(0, end)) / program;
    struct stat status {};
    if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
    if (end == rest.size()) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
}

// Why a set-user-ID program would not become root; empty if it would.
std::string why_not_root(const fs::path& program, std::string& fix) {
  struct stat status {};
  struct statvfs system {};
  ::stat(program.c_str(), &status);
  if (status.st_uid != 0 || (status.st_mode & S_ISUID) == 0) {
    fix = "chown root " + program.native() + " && chmod u+s " + program.native();
    return "is not setuid root";
  }
  if (::statvfs(program.c_str(), &system) == 0 && (system.f_flag & ST_NOSUID) != 0) {
    fix = "remount its file system without nosuid";
    return "is on a file system mounted nosuid";
  }
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
    fix =
        "start this without no_new_privs: systemd's NoNewPrivileges=no, docker's "
        "--security-opt no-new-privileges=false";
    return "cannot become root: this process may gain no privileges";
  }
  return "";
}

Finding find_helper() {
  constexpr const char* kHelper = kHelperSubject;
  const auto program = in_path(kHelper);
  if (!program) return bad(kHelper, "is not in PATH", "apt-get install fuse3");
  std::string fix;
  const std::string why = ::geteuid() == 0 ? "" : why_not_root(*program, fix);
  if (!why.empty()) return bad(kHelper, program->native() + " " + why, fix);
  return good(kHelper, program->native() + (::geteuid() == 0 ? "" : ", setuid root"));
}

// The first of the kernel's switches that forbids user namespaces.
Finding forbidden_namespaces(int error) {
  constexpr const char* kSubject = kNamespaceSubject;
  struct Switch {
    const char* name;
    const char* forbidding;
    const char* allowing;
  };
  constexpr Switch kSwitches[] = {
      {"user.max_user_namespaces", "0\n", "15000"},
      {"kernel.unprivileged_userns_clone", "0\n", "1"},
      {"kernel.apparmor_restrict_unprivileged_userns", "1\n", "0"}};
  for (const Switch& of : kSwitches) {
    std::string path = std::string("/proc/sys/") + of.name;
    path[path.find('.')] = '/';
    try {
      if (base::read_text(path, 64) != of.forbidding) continue;
      return bad(kSubject, std::string("are forbidden by ") + of.name,
                 std::string("sysctl -w ") + of.name + "=" + of.allowing);
    } catch (const base::SystemError&) {
      continue;
    }
  }
  return bad(kSubject, std::string("are forbidden: ") + std::strerror(error),
             "leave the chroot if this is one; of a container: docker run "
             "--security-opt seccomp=unconfined");
}

void add_namespaces(std::vector<Finding>& findings) {
  const Trial trial = try_mounting(Rights::kUserNamespace);
  if (!trial.passed(Step::kNamespace)) {
    findings.push_back(forbidden_namespaces(trial.error));
    return;
  }
  findings.push_back(good(kNamespaceSubject, "are allowed"));
  constexpr const char* kSubject = kNamespaceMountSubject;
  if (trial.passed(Step::kMount)) {
    findings.push_back(good(kSubject, "can be mounted"));
  } else if (!trial.passed(Step::kDevice)) {
    findings.push_back(bad(kSubject, "needs /dev/fuse", ""));
  } else {
    findings.push_back(bad(kSubject, std::strerror(trial.error),
                           "Linux 4.18 or newer, and no security module against it"));
  }
}

Finding find_root(const fs::path& root) {
  const std::string& subject = root.native();
  if (mount::is_mount_root(root)) return good(subject, "is a mount root");
  const std::string fix = "mkdir -p " + subject + " && chmod 1777 " + subject;
  struct stat status {};
  if (::stat(root.c_str(), &status) != 0) {
    return bad(subject, "no mount root: " + std::string(std::strerror(errno)), fix);
  }
  if (!S_ISDIR(status.st_mode)) return bad(subject, "no mount root: no directory", "");
  if ((status.st_mode & 07777) != 01777) {
    return bad(subject, "no mount root: its mode is not 1777", "chmod 1777 " + subject);
  }
  return bad(subject,
             "no mount root: it belongs to user " + std::to_string(status.st_uid),
             "chown root " + subject);
}

Finding find_runtime_folder(const mount::MountContext& context) {
  constexpr const char* kSubject = "$XDG_RUNTIME_DIR";
  const fs::path& folder = context.runtime_folder;
  if (folder.empty()) return bad(kSubject, "no mount root: is not set", "");
  if (mount::is_runtime_folder(folder)) {
    return good(kSubject, "is a mount root, " + folder.native());
  }
  struct stat status {};
  if (!folder.is_absolute() || ::stat(folder.c_str(), &status) != 0 ||
      !S_ISDIR(status.st_mode)) {
    return bad(kSubject, "no mount root: no directory", "");
  }
  return bad(kSubject, "no mount root: is not this user's of mode 0700",
             "chmod 700 " + folder.native());
}

Finding find_location(const cache::Location& location, bool needs_exec,
                      std::uint64_t size) {
  const cache::Condition condition = cache::examine(location);
  const std::string subject = condition.folder.native();
  const std::string space = base::human_size(condition.free_bytes);
  if (!condition.problem.empty()) {
    return bad(subject, "cannot be used: " + condition.problem, "");
  }
  if (needs_exec && cache::is_noexec(location)) {
    return bad(subject, "programs in it cannot be executed: it is mounted noexec", "");
  }
  if (condition.free_bytes < size) {
    return bad(subject,
               "has no space to unpack: " + space + " are free, needed are " +
                   base::human_size(size),
               "");
  }
  return good(subject, "has space to unpack, " + space);
}

void add_locations(std::vector<Finding>& findings, const backend::Request& request,
                   std::uint64_t size) {
  const bool needs_exec = request.needs_exec && request.needs_exec();
  bool works = false;
  for (const cache::Location& location : request.locations()) {
    findings.push_back(find_location(location, needs_exec, size));
    works = works || findings.back().good;
  }
  if (works) return;
  findings.push_back(bad("unpacking", "there is no place for it",
                         "set XDG_CACHE_HOME to a directory with space for programs"));
}

}  // namespace

std::vector<Finding> find_all(const backend::Request& request, std::uint64_t size) {
  std::vector<Finding> findings = {find_device(), find_privilege(), find_helper()};
  add_namespaces(findings);
  const auto& own_root = request.header.mount_root;
  std::vector<fs::path> roots = request.context.roots;
  if (own_root) roots = {*own_root};
  for (const fs::path& root : roots) findings.push_back(find_root(root));
  if (!own_root) findings.push_back(find_runtime_folder(request.context));
  add_locations(findings, request, size);
  return findings;
}

}  // namespace xar::diagnosis
