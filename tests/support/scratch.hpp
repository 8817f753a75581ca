// SPDX-License-Identifier: BSD-2-Clause
// What nearly every test needs: a folder of its own that vanishes with it, and
// other programs run to their end.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace xar::test {

// A fresh folder below the system's temporary one; the destructor removes it
// with all that is in it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

// Writes `content` to a new or emptied file.
void write_file(const std::filesystem::path& path, std::string_view content);

// The whole content of a file. Throws std::runtime_error if it cannot be read.
std::string read_file(const std::filesystem::path& path);

struct Ran {
  int status = 0;      // exit status, 128 + signal if killed by one
  std::string output;  // standard output and standard error together
};

// Runs `script` with sh, as a user would type it.
Ran shell(const std::string& script);

// `text` as one word for sh.
std::string quoted(const std::string& text);

// Whether this machine lets the test mount FUSE file systems.
bool has_fuse();

// Whether the running test may be skipped for this reason: always on a developer's
// machine. Where XAR_TEST_SKIPS is set, as in CI, only if that file has a line "TEST:
// REASON".
bool may_skip(const std::string& reason);

}  // namespace xar::test

// Whether the running test may be skipped for this reason: always on a developer's
// machine. Where XAR_TEST_SKIPS is set, as in CI, only if that file has a line "TEST:
// REASON".
bool may_skip(const std::string& reason);

// Ends the test where it cannot run, for a reason that the file of may_skip() can list.
#define XAR_NEEDS(condition, reason)                      \
  do {                                                    \
    if (condition) break;                                 \
    if (!xar::test::may_skip(reason)) FAIL() << (reason); \
    GTEST_SKIP() << "skipped, " << (reason);              \
  } while (false)

#define XAR_NEEDS_FUSE() XAR_NEEDS(xar::test::has_fuse(), "no /dev/fuse")
#define XAR_NEEDS_ROOT() XAR_NEEDS(::geteuid() == 0, "not root")
