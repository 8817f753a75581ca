// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include <stdexcept>

#include "support/memory_image.hpp"
#include "support/sample_image.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What differs between two trees: "-PATH", "+PATH" or "PATH: ASPECT...".
std::vector<std::string> differences(const tree::Tree& before, const tree::Tree& after,
                                     bool times = false) {
  std::vector<std::string> found;
  compare(test::image_of(before), test::image_of(after), times,
          [&](const Difference& one) {
            if (one.after == nullptr) return found.push_back("-" + one.before->path);
            if (one.before == nullptr) return found.push_back("+" + one.after->path);
            std::string text = one.after->path + ":";
            for (const std::string_view aspect : one.aspects)
              text += " " + std::string(aspect);
            found.push_back(text);
          });
  return found;
}

class CompareTest : public ::testing::Test {
 protected:
  static tree::Inode& add(tree::Tree& tree, const std::string& name, tree::Type type) {
    auto inode = std::make_shared<tree::Inode>();
    inode->type = type;
    tree.root().entries.push_back({name, inode});
    return *inode;
  }

  tree::Tree before_;
  tree::Tree after_;
};

TEST_F(CompareTest, EqualImagesDoNotDiffer) {
  for (tree::Tree* tree : {&before_, &after_}) {
    tree->add_file("d/file", "content", 0644);
    tree->add_symlink("link", "d");
  }
  EXPECT_THAT(differences(before_, after_), IsEmpty());
}

TEST_F(CompareTest, NamesOfOneImageOnlyAreAddedOrRemoved) {
  before_.add_file("both", "", 0644);
  before_.add_file("d/old", "", 0644);
  after_.add_file("both", "", 0644);
  after_.add_file("d/new", "", 0644);
  after_.add_file("e/new", "", 0644);
  EXPECT_THAT(differences(before_, after_),
              ElementsAre("+d/new", "-d/old", "+e", "+e/new"));
}

// A name that continues another comes behind all that is below the other.
TEST_F(CompareTest, DirectoryThatIsGoneHidesNoNeighbour) {
  before_.add_file("a/x", "", 0644);
  before_.add_file("a-b", "", 0644);
  before_.add_file("a.b", "", 0644);
  after_.add_file("a-b", "", 0644);
  after_.add_file("a.b", "", 0644);
  EXPECT_THAT(differences(before_, after_), ElementsAre("-a", "-a/x"));
  EXPECT_THAT(differences(after_, before_), ElementsAre("+a", "+a/x"));
}

TEST_F(CompareTest, EachAspectIsNamed) {
  before_.add_file("content", "1", 0644);
  after_.add_file("content", "2", 0644);
  before_.add_file("permissions", "", 0644);
  after_.add_file("permissions", "", 04755);
  before_.add_file("size", "1", 0644);
  after_.add_file("size", "12", 0600);
  before_.add_symlink("target", "a");
  after_.add_symlink("target", "b");
  EXPECT_THAT(differences(before_, after_),
              ElementsAre("content: content", "permissions: permissions",
                          "size: content permissions", "target: target"));
}

TEST_F(CompareTest, AnotherTypeIsAllThatIsSaid) {
  before_.add_file("name", "content", 0644);
  after_.add_symlink("name", "target");
  EXPECT_THAT(differences(before_, after_), ElementsAre("name: type"));
}

// What was below the directory is gone.
TEST_F(CompareTest, FileInADirectorysPlaceLeavesItsContentBehind) {
  before_.add_file("name/x", "", 0644);
  after_.add_file("name", "", 0644);
  EXPECT_THAT(differences(before_, after_), ElementsAre("name: type", "-name/x"));
}

TEST_F(CompareTest, DevicesAndOwnersAreCompared) {
  add(before_, "device", tree::Type::kCharDevice).device = makedev(1, 3);
  add(after_, "device", tree::Type::kCharDevice).device = makedev(1, 5);
  add(before_, "group", tree::Type::kFifo).gid = 1;
  add(after_, "group", tree::Type::kFifo).gid = 2;
  add(before_, "user", tree::Type::kFifo).uid = 1;
  add(after_, "user", tree::Type::kFifo).uid = 2;
  EXPECT_THAT(differences(before_, after_),
              ElementsAre("device: device", "group: owner", "user: owner"));
}

TEST_F(CompareTest, TimesCountOnlyIfWanted) {
  add(before_, "file", tree::Type::kFifo).mtime = 1;
  add(after_, "file", tree::Type::kFifo).mtime = 2;
  after_.root().mtime = 3;
  EXPECT_THAT(differences(before_, after_), IsEmpty());
  EXPECT_THAT(differences(before_, after_, true), ElementsAre(": time", "file: time"));
}

TEST_F(CompareTest, AttributesAreComparedByNameAndValue) {
  using Xattrs = std::vector<tree::Xattr>;
  const std::vector<std::pair<Xattrs, Xattrs>> pairs = {
      {{}, {}},
      {{{"user.a", "1"}}, {{"user.a", "1"}}},
      {{{"user.a", "1"}}, {}},
      {{{"user.a", "1"}}, {{"user.a", "2"}}},
      {{{"user.a", "1"}}, {{"user.b", "1"}}},
      {{{"user.a", "1"}}, {{"user.a", "1"}, {"user.b", ""}}}};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    add(before_, "f" + std::to_string(i), tree::Type::kFifo).xattrs = pairs[i].first;
    add(after_, "f" + std::to_string(i), tree::Type::kFifo).xattrs = pairs[i].second;
  }
  EXPECT_THAT(differences(before_, after_),
              ElementsAre("f2: attributes", "f3: attributes", "f4: attributes",
                          "f5: attributes"));
}

// Of three names, which two are of one file.
TEST_F(CompareTest, LinksAreThoseOfTheSameNames) {
  const auto fill = [](tree::Tree& tree, std::size_t linked) {
    std::vector<std::shared_ptr<tree::Inode>> inodes;
    for (int i = 0; i < 2; ++i) {
      inodes.push_back(std::make_shared<tree::Inode>());
      inodes.back()->type = tree::Type::kRegular;
      inodes.back()->content = std::string();
    }
    inodes[0]->links = 2;
    for (std::size_t i = 0; i < 3; ++i) {
      const bool is_other = i == linked;
      tree.root().entries.push_back(
          {std::string(1, static_cast<char>('a' + i)), inodes[is_other ? 1 : 0]});
    }
  };
  fill(before_, 2);  // a and b are one file
  fill(after_, 1);   // a and c are
  EXPECT_THAT(differences(before_, after_), ElementsAre("b: links", "c: links"));
  EXPECT_THAT(differences(before_, before_), IsEmpty());
}

TEST_F(CompareTest, LastByteOfALargeFileCounts) {
  std::string content = test::noise((1 << 20) + 5, 1);
  before_.add_file("file", content, 0644);
  content.back() = static_cast<char>(content.back() ^ 1);
  after_.add_file("file", content, 0644);
  EXPECT_THAT(differences(before_, after_), ElementsAre("file: content"));
}

// Blocks of zeros are not read where both images have them.
TEST_F(CompareTest, HolesAreComparedWithContent) {
  const std::string zeros(3 << 20, '\0');
  std::string other = zeros;
  other[2'000'000] = 'x';
  before_.add_file("hole", zeros, 0644);
  after_.add_file("hole", zeros, 0644);
  before_.add_file("other", zeros, 0644);
  after_.add_file("other", other, 0644);
  EXPECT_THAT(differences(before_, after_), ElementsAre("other: content"));
}

TEST_F(CompareTest, ProgressReachesItsTotalAndMayEndIt) {
  before_.add_file("a", test::noise(3000, 1), 0644);
  after_.add_file("a", test::noise(3000, 2), 0644);
  before_.add_file("b", test::noise(5000, 1), 0644);
  after_.add_file("b", test::noise(5000, 1), 0644);
  add(before_, "c", tree::Type::kFifo);
  const image::Image before = test::image_of(before_);
  const image::Image after = test::image_of(after_);
  Progress last;
  compare(
      before, after, false, [](const Difference&) {},
      [&](const Progress& now) { last = now; });
  EXPECT_EQ(last.total, 8000U);
  EXPECT_EQ(last.done, 8000U);
  EXPECT_THROW(compare(
                   before, after, false, [](const Difference&) {},
                   [](const Progress&) { throw std::runtime_error("cancelled"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace xar::inspect
