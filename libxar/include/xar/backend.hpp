// SPDX-License-Identifier: BSD-2-Clause
// Makes an archive's files available as a directory, by the first backend that works.
// open_directory() does it; plan() returns what open_directory() would do, by the same
// search.
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

// The backends, in the order in which they are tried.
enum class Backend {
  kFuse,     // mounted in the caller's mount namespace, by mount(2) or fusermount3
  kUserns,   // mounted in a user and mount namespace of its own, which the caller enters
  kExtract,  // unpacked
};

// Returns the backend for "fuse", "userns" or "extract", and nothing for "auto". Throws
// base::Error, naming `source`, for other words.
std::optional<Backend> parse_backend(std::string_view word, std::string_view source);

// The word that parse_backend() takes.
const char* name_of(Backend backend);

// What is requested. All references are borrowed and must outlive the request.
struct Request {
  const header::Header& header;
  // With a descriptor of -1, no archive in particular: only for plan().
  const mount::Archive& archive;
  const mount::MountContext& context;
  // Returns the locations for unpacked archives, the preferred one first. Called only if
  // the archive may have to be unpacked.
  std::function<std::vector<cache::Location>()> locations;
  std::optional<Backend> backend;  // the only one to try
  // Whether other processes must see the directory, which excludes kUserns.
  bool for_others = false;
  // Returns whether the kernel must be able to execute files in the directory. Called
  // only for a location that is mounted noexec. Empty: it need not.
  std::function<bool()> needs_exec;
};

// An archive's files.
struct Directory {
  base::Fd fd;  // keeps them available while it is open; close-on-exec
  std::filesystem::path path;
  bool fresh = false;  // this call has mounted or unpacked it
};

// Returns the archive's files by the first backend, mount slot or location that works. An
// existing mount is used before anything is tried. With kUserns, the calling process is
// in other namespaces afterwards. Throws base::Error that says what is wrong with the
// archive, or of the kind kNoBackend, with the first cause. The caller must have no other
// thread.
Directory open_directory(const Request& request);

// Why this machine cannot mount. Empty: it can.
struct Obstacles {
  std::string to_fuse;
  std::string to_userns;
};

// A backend that did or would not work.
struct Failure {
  Backend backend;
  std::filesystem::path place;  // the folder; may be empty
  std::string reason;
};

// What open_directory() would do.
struct Plan {
  std::vector<Failure> failures;  // before the success, in order
  // Empty if nothing works.
  struct Success {
    Backend backend;
    bool is_there;               // it is mounted or unpacked already
    std::filesystem::path path;  // the directory, or the folder in which it would be made
  };
  std::optional<Success> success;
};

// Returns what open_directory() would do on a machine with these obstacles. `size` is the
// archive's unpacked size in bytes, or 0 if unknown. Creates nothing, but counts as a use
// of an existing mount. Throws base::Error if the archive is at fault. The calling
// process must have no other thread.
Plan plan(const Request& request, const Obstacles& obstacles, std::uint64_t size);

}  // namespace xar::backend
