// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/packing_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace xar::squashfs {
namespace {

using ::testing::ElementsAre;

// The paths in packing order.
std::vector<std::string> ordered(const std::vector<std::string>& paths,
                                 const Priorities& priorities = {}) {
  std::vector<PackedFile> files;
  for (const std::string& path : paths) files.push_back({nullptr, path, false});
  put_in_packing_order(files, priorities, [] {});
  std::vector<std::string> result;
  for (PackedFile& file : files) result.push_back(std::move(file.path));
  return result;
}

std::vector<PackedFile> some_files() {
  std::vector<PackedFile> files;
  for (int i = 0; i < 3000; ++i) {
    files.push_back({nullptr, "d/" + std::to_string(i * 7919 % 3000), false});
  }
  return files;
}

TEST(PackingOrder, PutsHigherPrioritiesFirst) {
  std::vector<PackedFile> files = some_files();
  put_in_packing_order(files, {{"d/42", 5}, {"d", 1}}, [] {});
  EXPECT_EQ(files.front().path, "d/42");
}

TEST(PackingOrder, PutsWhatIsAlikeInAFolderTogether) {
  EXPECT_THAT(ordered({"d/a.py", "d/a.txt", "d/b", "d/b.py", "d/c.txt"}),
              ElementsAre("d/b", "d/a.py", "d/b.py", "d/a.txt", "d/c.txt"));
}

TEST(PackingOrder, PutsBytecodeBehindItsSource) {
  EXPECT_THAT(
      ordered({"d/__pycache__/a.cpython-311.opt-1.pyc", "d/__pycache__/a.cpython-311.pyc",
               "d/__pycache__/b.cpython-311.pyc", "d/a.py", "d/b.py"}),
      ElementsAre("d/a.py", "d/__pycache__/a.cpython-311.opt-1.pyc",
                  "d/__pycache__/a.cpython-311.pyc", "d/b.py",
                  "d/__pycache__/b.cpython-311.pyc"));
  EXPECT_THAT(ordered({"__pycache__/a.cpython-311.pyc", "a.py"}),
              ElementsAre("a.py", "__pycache__/a.cpython-311.pyc"));
}

TEST(PackingOrder, KeepsAFoldersFilesTogether) {
  EXPECT_THAT(ordered({"a/x.py", "a/y.txt", "b/x.py", "b/y.txt"}),
              ElementsAre("a/x.py", "a/y.txt", "b/x.py", "b/y.txt"));
}

TEST(PackingOrder, PriorityOfTheNearestFolderCounts) {
  const Priorities priorities = {{"a", 5}, {"a/b", -1}, {"a/b/c", 7}};
  EXPECT_THAT(ordered({"a/b/c", "a/b/x", "a/x", "ab", "x"}, priorities),
              ElementsAre("a/b/c", "a/x", "ab", "x", "a/b/x"));
}

// Where the stream may be cut depends on names only, so another file changes little.
TEST(PackingOrder, AnotherFileLeavesTheCutsOfOthers) {
  std::vector<PackedFile> before = some_files();
  put_in_packing_order(before, {}, [] {});
  std::vector<PackedFile> after = some_files();
  after.push_back({nullptr, "d/1500.new", false});
  put_in_packing_order(after, {}, [] {});
  std::map<std::string, bool> cuts;
  for (const PackedFile& file : before) cuts[file.path] = file.may_cut;
  unsigned changed = 0;
  unsigned may_cut = 0;
  for (const PackedFile& file : after) {
    const auto found = cuts.find(file.path);
    if (found != cuts.end() && found->second != file.may_cut) ++changed;
    if (file.may_cut) ++may_cut;
  }
  EXPECT_EQ(changed, 0U);
  EXPECT_GT(may_cut, 1000U);
  EXPECT_LT(may_cut, 2000U);
}

TEST(PackingOrder, NothingIsCutInsideAModule) {
  for (int i = 0; i < 50; ++i) {
    const std::string name = "d/m" + std::to_string(i);
    std::vector<PackedFile> files = {
        {nullptr, name + ".py", false},
        {nullptr, "d/__pycache__/m" + std::to_string(i) + ".cpython-311.pyc", false}};
    put_in_packing_order(files, {}, [] {});
    EXPECT_FALSE(files.at(1).may_cut) << name;
  }
}

TEST(PackingOrder, EndsWhenToldInAnyPhase) {
  unsigned calls = 0;
  std::vector<PackedFile> files = some_files();
  put_in_packing_order(files, {}, [&calls] { ++calls; });
  ASSERT_GT(calls, 6000U);  // of two passes over all names
  for (unsigned last = 0; last < calls; last += 500) {
    files = some_files();
    unsigned left = last;
    EXPECT_THROW(put_in_packing_order(files, {},
                                      [&left] {
                                        if (left-- == 0) throw std::runtime_error("end");
                                      }),
                 std::runtime_error);
  }
}

}  // namespace
}  // namespace xar::squashfs
