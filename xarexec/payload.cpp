// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/payload.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/log.hpp"
#include "xar/cli/run.hpp"
#include "xar/header.hpp"

namespace xar::xarexec {
namespace {

std::filesystem::path path_of(const Payload& payload) {
  return payload.directory / payload.target;
}

// The front of the target, enough for its format or its first line.
std::string read_front(const Payload& payload, int mount) {
  const base::Fd fd(::openat(mount, payload.target.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 256> front{};
  const ssize_t size = fd ? ::read(fd.get(), front.data(), front.size()) : -1;
  if (size < 0) {
    const int status = errno == ENOENT ? cli::kExitNotFound : cli::kExitCannotExecute;
    throw cli::StatusError(status, "cannot execute", path_of(payload),
                           std::strerror(errno));
  }
  return {front.data(), static_cast<std::size_t>(size)};
}

// What to do about a target that execve(2) refuses with `error`.
const char* advice_for(int error, const Payload& payload, int directory) {
  if (error == ENOENT) return "its interpreter is not installed";
  if (error != EACCES) return std::strerror(error);
  struct statvfs system {};
  if (::fstatvfs(directory, &system) == 0 && (system.f_flag & ST_NOEXEC) != 0) {
    return "its file system is mounted noexec: see xarexec --doctor";
  }
  struct stat status {};
  constexpr mode_t kExecutable = S_IXUSR | S_IXGRP | S_IXOTH;
  if (::fstatat(directory, payload.target.c_str(), &status, 0) == 0 &&
      (status.st_mode & kExecutable) != 0) {
    return "it or its interpreter may not be executed by this user";
  }
  return "not executable: chmod +x it before building the archive";
}

void set_environment(const backend::Directory& directory, const timespec& started) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%lld.%06ld",
                static_cast<long long>(started.tv_sec), started.tv_nsec / 1000);
  ::setenv("XAREXEC_LAUNCH_TIMESTAMP", text.data(), 1);
  if (directory.fresh) {
    ::setenv("XARFUSE_NEW_MOUNT", "1", 1);
  } else {
    // It would else reach the archives that a payload of a fresh mount starts.
    ::unsetenv("XARFUSE_NEW_MOUNT");
  }
}

// A removed working directory has no path. Shells complain unless PWD leads to it all the
// same.
void name_removed_directory() {
  std::array<char, PATH_MAX> path{};
  if (::getcwd(path.data(), path.size()) == nullptr && errno == ENOENT) {
    ::setenv("PWD", "/proc/self/cwd", 1);
  }
}

}  // namespace

void execute(const Payload& payload, const backend::Directory& directory,
             const timespec& started) {
  const std::string target = path_of(payload);
  std::vector<const char*> words;
  if (header::is_run_by_shell(read_front(payload, directory.fd.get()))) {
    words = {"/bin/sh", "-e"};
  }
  words.push_back(target.c_str());
  words.push_back(payload.file);
  for (char** word = payload.arguments; *word != nullptr; ++word) words.push_back(*word);
  words.push_back(nullptr);

  set_environment(directory, started);
  name_removed_directory();
  if (base::is_debugging()) {
    std::string line = "execute";
    for (const char* word : words) line += word == nullptr ? "" : std::string(" ") + word;
    base::debug(line);
  }
  // The one descriptor that is inherited on purpose: it keeps the mount.
  ::fcntl(directory.fd.get(), F_SETFD, 0);
  ::execv(words.front(), const_cast<char* const*>(words.data()));
  throw cli::StatusError(cli::kExitCannotExecute, "cannot execute", target,
                         advice_for(errno, payload, directory.fd.get()));
}

}  // namespace xar::xarexec
