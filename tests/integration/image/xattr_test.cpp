// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes as other writers store them, read through Image.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "support/xattrs.hpp"
#include "xar/base/file.hpp"
#include "xar/image.hpp"

namespace xar::image {
namespace {

namespace fs = std::filesystem;

Image open_image(const fs::path& path) {
  return Image::open(base::open_file(path, O_RDONLY), 0, path);
}

test::Xattrs xattrs_of(const Image& image, InodeReference inode) {
  std::vector<std::string> names;
  EXPECT_EQ(image.xattr_names(inode, names), 0);
  test::Xattrs xattrs;
  for (const std::string& name : names) {
    std::optional<std::string> value;
    EXPECT_EQ(image.xattr_value(inode, name, value), 0);
    EXPECT_TRUE(value) << name;
    xattrs[name] = value.value_or("");
  }
  return xattrs;
}

class ImageXattrs : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    XAR_NEEDS_ROOT();
    test::make_xattr_tree(scratch_ / "tree");
  }
  test::Scratch scratch_;
};

TEST_P(ImageXattrs, AreAsInTheSource) {
  test::make_image(scratch_ / "tree", scratch_ / "image", GetParam());
  const Image image = open_image(scratch_ / "image");
  ASSERT_TRUE(image.has_xattrs());
  EXPECT_EQ(xattrs_of(image, image.root()), test::xattrs_of(scratch_ / "tree"));
  for (const std::string& name : test::names_in(scratch_ / "tree")) {
    SCOPED_TRACE(name);
    std::optional<Entry> entry;
    ASSERT_EQ(image.lookup(image.root(), name, entry), 0);
    ASSERT_TRUE(entry);
    EXPECT_EQ(xattrs_of(image, entry->inode), test::xattrs_of(scratch_ / "tree" / name));
    std::optional<std::string> value;
    EXPECT_EQ(image.xattr_value(entry->inode, "user.missing", value), 0);
    EXPECT_FALSE(value);
  }
}

INSTANTIATE_TEST_SUITE_P(Mksquashfs, ImageXattrs,
                         testing::Values("-comp zstd", "-comp gzip -noX"));

TEST(ImageWithoutXattrs, SaysSo) {
  const test::Scratch scratch;
  fs::create_directory(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-no-xattrs");
  const Image image = open_image(scratch / "image");
  EXPECT_FALSE(image.has_xattrs());
  EXPECT_TRUE(xattrs_of(image, image.root()).empty());
}

}  // namespace
}  // namespace xar::image
