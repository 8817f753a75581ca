// SPDX-License-Identifier: BSD-2-Clause
#include "support/same_tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::test {

namespace fs = std::filesystem;

void expect_same_tree(const fs::path& source, const fs::path& mounted) {
  SCOPED_TRACE(mounted);
  struct stat theirs {};
  struct stat ours {};
  ASSERT_EQ(::lstat(source.c_str(), &theirs), 0);
  ASSERT_EQ(::lstat(mounted.c_str(), &ours), 0);
  EXPECT_EQ(theirs.st_mode, ours.st_mode);
  EXPECT_EQ(theirs.st_uid, ours.st_uid);
  EXPECT_EQ(theirs.st_gid, ours.st_gid);
  EXPECT_EQ(theirs.st_mtime, ours.st_mtime);
  EXPECT_EQ(theirs.st_rdev, ours.st_rdev);
  if (S_ISREG(theirs.st_mode)) {
    EXPECT_EQ(theirs.st_nlink, ours.st_nlink);
    EXPECT_TRUE(read_file(source) == read_file(mounted));
  } else if (S_ISLNK(theirs.st_mode)) {
    EXPECT_EQ(fs::read_symlink(source), fs::read_symlink(mounted));
  } else if (S_ISDIR(theirs.st_mode)) {
    const std::vector<std::string> names = names_in(source);
    EXPECT_EQ(names, names_in(mounted));
    for (const std::string& name : names) expect_same_tree(source / name, mounted / name);
  }
}

}  // namespace xar::test
