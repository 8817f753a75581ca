// SPDX-License-Identifier: BSD-2-Clause
// What the server does by what programs do: who asks for names only gets no more, and a
// server that has been busy on all its threads ends as one that has not.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <thread>
#include <vector>

#include "integration/fuse/mounted.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::fuse {
namespace {

namespace fs = std::filesystem;
using test::Mounted;

class ServeHabits : public testing::Test {
 protected:
  static constexpr unsigned kFolders = 12;
  static constexpr unsigned kFiles = 30;

  void SetUp() override {
    XAR_NEEDS_FUSE();
    for (unsigned folder = 0; folder < kFolders; ++folder) {
      const fs::path at = scratch_ / "tree" / std::to_string(folder);
      fs::create_directories(at);
      for (unsigned file = 0; file < kFiles; ++file) {
        test::write_file(at / std::to_string(file), test::noise(4000 + file, file));
      }
    }
    test::make_image(scratch_ / "tree", scratch_ / "image", "-comp zstd");
  }

  // Requests for looking at every file of a folder that has just been listed.
  static std::uint64_t requests_to_look(const Mounted& mounted, unsigned folder) {
    const fs::path at = mounted.path() / std::to_string(folder);
    const auto names = test::names_in(at);
    const std::uint64_t before = mounted.requests();
    struct stat status {};
    for (const std::string& name : names) {
      EXPECT_EQ(::lstat((at / name).c_str(), &status), 0);
    }
    return mounted.requests() - before;
  }

  test::Scratch scratch_;
};

TEST_F(ServeHabits, WhoListsOneFolderMayLookAtItsFilesForNothing) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  EXPECT_EQ(requests_to_look(mounted, 0), 0u);
}

TEST_F(ServeHabits, WhoListsManyFoldersGetsNames) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  for (unsigned folder = 0; folder + 1 < kFolders; ++folder) {
    test::names_in(mounted.path() / std::to_string(folder));
  }
  EXPECT_EQ(requests_to_look(mounted, kFolders - 1), kFiles);
}

TEST_F(ServeHabits, WhoLooksAtFilesOnceIsToldOfThemFromThenOn) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  std::uint64_t requests = 0;
  for (unsigned folder = 0; folder + 1 < kFolders; ++folder) {
    requests += requests_to_look(mounted, folder);
  }
  EXPECT_LE(requests, kFiles);
  EXPECT_EQ(requests_to_look(mounted, kFolders - 1), 0u);
}

TEST_F(ServeHabits, EndsHoweverItsLastAnswersAreGiven) {
  for (unsigned round = 0; round < 40; ++round) {
    Mounted mounted(scratch_ / "image", scratch_ / ("mnt" + std::to_string(round)));
    {
      std::vector<std::jthread> readers;
      for (unsigned reader = 0; reader < 3; ++reader) {
        readers.emplace_back([&, reader] {
          for (unsigned i = 0; i < 3; ++i) {
            const std::string folder =
                std::to_string((round + 4 * reader + i) % kFolders);
            for (const std::string& name : test::names_in(mounted.path() / folder)) {
              test::read_file(mounted.path() / folder / name);
            }
          }
        });
      }
    }
    EXPECT_TRUE(mounted.unmount());
    ASSERT_EQ(mounted.ended(), 0) << "in round " << round;
  }
}

}  // namespace
}  // namespace xar::fuse
