// SPDX-License-Identifier: BSD-2-Clause
// The ways to an archive's files as a directory, from the one that serves every program
// to the one that works everywhere. Order, conditions and outcomes are the same for a
// launch, which open_directory() does, and for plan(), which only tells what it would do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/cache.hpp"
#include "xar/header.hpp"
#include "xar/mount/launch.hpp"

namespace xar::backend {

// In the order in which they are tried.
enum class Backend {
  kFuse,     // mounted in the caller's mount namespace, by mount(2) or fusermount3
  kUserns,   // mounted in a user and mount namespace of its own, which the caller enters
  kExtract,  // unpacked
};

// The backend that `word` names: "fuse", "userns" or "extract"; nothing for "auto".
// Throws base::Error, naming `source`, for other words.
std::optional<Backend> parse_backend(std::string_view word, std::string_view source);

// The word for it.
const char* name_of(Backend backend);

// What is asked for. References are borrowed.
struct Request {
  const header::Header& header;
  // With a descriptor of -1: no archive in particular, which only plan() takes.
  const mount::Archive& archive;
  const mount::MountContext& context;
  // Returns where archives may be unpacked, the best first. Called only where this one
  // may have to be.
  std::function<std::vector<cache::Location>()> locations;
  std::optional<Backend> backend;  // only this one
  // Whether other processes have to see the directory, which rules out a namespace.
  bool for_others = false;
  // Returns whether what is to be launched has to be executable by the kernel. Called
  // only where a location is mounted noexec, which is the last choice. Empty: it has not.
  std::function<bool()> needs_exec;
};

// An archive's files.
struct Directory {
  base::Fd fd;  // keeps them for as long as it is open; close-on-exec
  std::filesystem::path path;
  bool fresh = false;  // mounted or unpacked by this call
};

// The archive as a directory, by the first backend that works, at the first place that
// works. What is mounted already is used before anything is tried. With kUserns the
// calling process is in other namespaces afterwards. Throws base::Error that says what is
// wrong with the archive, or of the kind kNoBackend, with the first cause. The caller
// must have no other thread.
Directory open_directory(const Request& request);

// Why this machine cannot mount; empty where it can.
struct Obstacles {
  std::string to_fuse;
  std::string to_userns;
};

// Something that was or would be tried in vain.
struct Failure {
  Backend backend;
  std::filesystem::path place;  // may be empty
  std::string reason;
};

// What open_directory() would do.
struct Plan {
  std::vector<Failure> failures;  // before it succeeds, in order
  // Nothing if it fails.
  struct Success {
    Backend backend;
    bool is_there;               // mounted or unpacked already
    std::filesystem::path path;  // the directory; the folder for it if it is to be made
  };
  std::optional<Success> success;
};

// What open_directory() would do on a machine with these obstacles, where the archive
// takes `size` bytes unpacked, or 0 if that is not known. Makes nothing; to look at what
// is mounted is a use of it. Throws base::Error that says what is wrong with
// the archive. The caller must have no other thread.
Plan plan(const Request& request, const Obstacles& obstacles, std::uint64_t size);

}  // namespace xar::backend
