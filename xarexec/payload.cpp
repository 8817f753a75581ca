// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/payload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "xar/base/error.hpp"
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
    const int status = errno == ENOENT ? base::kExitNotFound : base::kExitCannotExecute;
    throw base::Error("cannot execute", path_of(payload), std::strerror(errno), status);
  }
  return {front.data(), static_cast<std::size_t>(size)};
}

void set_environment(const mount::Pinned& pinned, const timespec& started) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%lld.%06ld",
                static_cast<long long>(started.tv_sec), started.tv_nsec / 1000);
  ::setenv("XAREXEC_LAUNCH_TIMESTAMP", text.data(), 1);
  if (pinned.fresh) {
    ::setenv("XARFUSE_NEW_MOUNT", "1", 1);
  } else {
    // It would else reach the archives that a payload of a fresh mount starts.
    ::unsetenv("XARFUSE_NEW_MOUNT");
  }
}

}  // namespace

void execute(const Payload& payload, const mount::Pinned& pinned,
             const timespec& started) {
  const std::string target = path_of(payload);
  std::vector<const char*> words;
  if (header::is_run_by_shell(read_front(payload, pinned.fd.get()))) {
    words = {"/bin/sh", "-e"};
  }
  words.push_back(target.c_str());
  words.push_back(payload.file);
  for (char** word = payload.arguments; *word != nullptr; ++word) words.push_back(*word);
  words.push_back(nullptr);

  set_environment(pinned, started);
  // The one descriptor that is inherited on purpose: it keeps the mount.
  ::fcntl(pinned.fd.get(), F_SETFD, 0);
  ::execv(words.front(), const_cast<char* const*>(words.data()));
  const char* advice = std::strerror(errno);
  if (errno == EACCES) advice = "not executable: chmod +x it before building the archive";
  if (errno == ENOENT) advice = "its interpreter is not installed";
  throw base::Error("cannot execute", target, advice, base::kExitCannotExecute);
}

}  // namespace xar::xarexec
