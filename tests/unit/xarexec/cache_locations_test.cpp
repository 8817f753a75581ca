// SPDX-License-Identifier: BSD-2-Clause
// The locations for unpacked archives that the environment names.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

class CacheLocationsTest : public ::testing::Test {
 protected:
  static constexpr const char* kNames[] = {"XDG_CACHE_HOME",
                                           "HOME",
                                           "CACHE_DIRECTORY",
                                           "STATE_DIRECTORY",
                                           "RUNTIME_DIRECTORY",
                                           "XDG_RUNTIME_DIR",
                                           "TMPDIR"};

  CacheLocationsTest() {
    for (const char* name : kNames) {
      const char* value = std::getenv(name);
      before_.emplace_back(value != nullptr ? std::optional<std::string>(value)
                                            : std::nullopt);
      ::unsetenv(name);
    }
  }
  ~CacheLocationsTest() override {
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (before_[i]) ::setenv(kNames[i], before_[i]->c_str(), 1);
    }
  }

  // The folders, without that in the home of the password file.
  static std::vector<std::string> folders() {
    std::vector<std::string> found;
    for (const cache::Location& location : read_cache_locations({"/root-of-mounts"})) {
      EXPECT_EQ(location.shared, location.folder.filename() == own());
      if (location.folder.parent_path().filename() != ".cache" ||
          location.folder.native().starts_with("/test/")) {
        found.push_back(location.folder);
      }
    }
    return found;
  }
  static std::string own() { return "xar-" + std::to_string(::geteuid()); }
  static std::vector<std::string> with_common(std::vector<std::string> folders) {
    for (const char* at : {"/var/tmp/", "/tmp/", "/root-of-mounts/"}) {
      folders.push_back(at + own());
    }
    return folders;
  }

 private:
  std::vector<std::optional<std::string>> before_;
};

TEST_F(CacheLocationsTest, AreInTheirOrder) {
  ::setenv("XDG_CACHE_HOME", "/test/a", 1);
  ::setenv("HOME", "/test/b", 1);
  ::setenv("CACHE_DIRECTORY", "/test/c:/test/d", 1);
  ::setenv("STATE_DIRECTORY", "/test/e", 1);
  ::setenv("RUNTIME_DIRECTORY", "/test/f", 1);
  ::setenv("XDG_RUNTIME_DIR", "/test/g", 1);
  ::setenv("TMPDIR", "/test/h", 1);
  EXPECT_EQ(folders(), with_common({"/test/a/xar", "/test/b/.cache/xar", "/test/c/xar",
                                    "/test/d/xar", "/test/e/xar", "/test/f/xar",
                                    "/test/g/xar-cache", "/test/h/" + own()}));
}

TEST_F(CacheLocationsTest, AreThoseOfAllUsersWithoutAnEnvironment) {
  EXPECT_EQ(folders(), with_common({}));
}

TEST_F(CacheLocationsTest, AreAbsoluteAndNamedOnce) {
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  ::setenv("CACHE_DIRECTORY", ":::/test/a:relative::/test/a/:", 1);
  ::setenv("STATE_DIRECTORY", "/test/a", 1);
  ::setenv("XDG_RUNTIME_DIR", "", 1);
  ::setenv("TMPDIR", "/tmp/", 1);
  auto expected = with_common({"/test/a/xar"});
  // TMPDIR is asked before /var/tmp.
  std::swap(expected[1], expected[2]);
  EXPECT_EQ(folders(), expected);
}

}  // namespace
}  // namespace xar::xarexec
