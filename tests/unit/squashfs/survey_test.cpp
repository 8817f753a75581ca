// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/survey.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include <stdexcept>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint32_t kBlockSize = 4096;

class SurveyTest : public ::testing::Test {
 protected:
  tree::Inode& add(const std::string& name, tree::Type type) {
    auto inode = std::make_shared<tree::Inode>();
    inode->type = type;
    if (type == tree::Type::kSymlink) inode->target = "target";
    tree_.root().entries.push_back({name, inode});
    return *inode;
  }

  Survey result(const std::function<void()>& tick = [] {}) const {
    return survey(tree_, kBlockSize, tick);
  }

  // What the tree is refused with; empty if it is not.
  std::string refusal() const {
    try {
      result();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  tree::Tree tree_;
};

TEST_F(SurveyTest, CountsWhatIsInTheTreeWithoutTheRoot) {
  add("a", tree::Type::kRegular).content = std::string("12345");
  add("b", tree::Type::kDirectory);
  add("c", tree::Type::kSymlink);
  add("d", tree::Type::kFifo);
  add("e", tree::Type::kCharDevice);
  const Survey found = result();
  EXPECT_EQ(found.entries.files, 1U);
  EXPECT_EQ(found.entries.directories, 1U);
  EXPECT_EQ(found.entries.symlinks, 1U);
  EXPECT_EQ(found.entries.others, 2U);
  EXPECT_EQ(found.content_bytes, 5U);
}

TEST_F(SurveyTest, CountsContentOfHardLinksOnce) {
  tree::Inode& file = add("a", tree::Type::kRegular);
  file.content = std::string("12345");
  file.links = 2;
  tree_.root().entries.push_back({"b", tree_.root().entries.front().inode});
  const Survey found = result();
  EXPECT_THAT(found.files, SizeIs(1));
  EXPECT_EQ(found.files.front().path, "a");
  EXPECT_EQ(found.entries.files, 2U);
  EXPECT_EQ(found.content_bytes, 5U);
}

TEST_F(SurveyTest, RefusesNamesThatNoFileHas) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"),
        std::string("a\0b", 3), std::string(256, 'n')}) {
    tree_.root().entries.clear();
    add(name, tree::Type::kFifo);
    EXPECT_THAT(refusal(), HasSubstr("its name is not one of a file")) << name;
  }
}

TEST_F(SurveyTest, AcceptsAnyOtherName) {
  for (const std::string& name : {std::string("..."), std::string(255, 'n'),
                                  std::string("\xFF\n \\"), std::string(" ")}) {
    add(name, tree::Type::kFifo);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(SurveyTest, RefusesTimesThatDoNotFit) {
  tree::Inode& file = add("old", tree::Type::kRegular);
  for (const std::int64_t time :
       {std::int64_t{-1}, std::int64_t{1} << 32, INT64_MIN, INT64_MAX}) {
    file.mtime = time;
    EXPECT_THAT(refusal(), HasSubstr("cannot pack: old: its modification time")) << time;
  }
  for (const std::int64_t time : {std::int64_t{0}, std::int64_t{UINT32_MAX}}) {
    file.mtime = time;
    EXPECT_EQ(refusal(), "") << time;
  }
}

TEST_F(SurveyTest, RefusesATimeOfTheRoot) {
  tree_.root().mtime = -1;
  EXPECT_THAT(refusal(), HasSubstr("cannot pack: .: its modification time"));
}

TEST_F(SurveyTest, RefusesSymlinkTargetsThatLinuxWouldNotFollow) {
  tree::Inode& link = add("link", tree::Type::kSymlink);
  link.target.clear();
  EXPECT_THAT(refusal(), HasSubstr("cannot pack: link: its target"));
  link.target.assign(4096, 't');
  EXPECT_THAT(refusal(), HasSubstr("cannot pack: link: its target"));
  link.target.assign(4095, 't');
  EXPECT_EQ(refusal(), "");
}

TEST_F(SurveyTest, RefusesDeviceNumbersThatDoNotFit) {
  tree::Inode& device = add("device", tree::Type::kBlockDevice);
  device.device = makedev(0x1000, 0);
  EXPECT_THAT(refusal(), HasSubstr("its device number"));
  device.device = makedev(0, 0x100000);
  EXPECT_THAT(refusal(), HasSubstr("its device number"));
  device.device = makedev(0xFFF, 0xFFFFF);
  EXPECT_EQ(refusal(), "");
}

TEST_F(SurveyTest, RefusesFilesOfTooManyBlocks) {
  tree::Inode& file = add("file", tree::Type::kRegular);
  const std::uint64_t most = (std::uint64_t{1} << 27) * kBlockSize + kBlockSize - 1;
  file.content = tree::DiskFile{"/missing", most, 0, 0};
  EXPECT_EQ(refusal(), "");
  file.content = tree::DiskFile{"/missing", most + 1, 0, 0};
  EXPECT_THAT(refusal(), HasSubstr("it is too large"));
}

TEST_F(SurveyTest, NamesTheFileByItsPath) {
  tree::Inode& folder = add("folder", tree::Type::kDirectory);
  auto inode = std::make_shared<tree::Inode>();
  inode->mtime = -1;
  folder.entries.push_back({"inner", inode});
  EXPECT_THAT(refusal(), HasSubstr("cannot pack: folder/inner: "));
}

TEST_F(SurveyTest, EndsWhenTold) {
  for (const char* name : {"a", "b", "c"}) add(name, tree::Type::kFifo);
  unsigned calls = 0;
  EXPECT_THROW(result([&calls] {
                 if (++calls == 3) throw std::runtime_error("cancelled");
               }),
               std::runtime_error);
}

}  // namespace
}  // namespace xar::squashfs
