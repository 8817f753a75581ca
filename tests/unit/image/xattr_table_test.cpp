// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes as nobody writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "support/crafted_image.hpp"
#include "support/memory_image.hpp"

namespace xar::image {
namespace {

using test::CraftedImage;
using test::stored_xattr;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class XattrTableTest : public ::testing::Test {
 protected:
  // An image of one file with the first of those sets, and the file's attributes.
  void craft(const base::Bytes& bytes, std::uint32_t count, std::uint64_t offset = 0) {
    CraftedImage crafted;
    crafted.xattrs(bytes, {{offset, count}});
    const auto file = crafted.file({.xattrs = 0});
    file_ = file.reference;
    image_.emplace(
        test::image_of(crafted.bytes(crafted.directory(crafted.listing({{"a", file}})))));
    names_.clear();
    error_ = image_->xattr_names(file_, names_);
  }

  std::optional<std::string> value(std::string_view name) {
    std::optional<std::string> value;
    error_ = image_->xattr_value(file_, name, value);
    return value;
  }

  static base::Bytes both(base::Bytes first, const base::Bytes& second) {
    base::append(first, second);
    return first;
  }

  // An attribute whose first word is `type`.
  static base::Bytes of_type(std::uint16_t type) {
    base::Bytes bytes = stored_xattr("k", "v");
    base::store_le(std::span(bytes), type);
    return bytes;
  }

  std::optional<Image> image_;
  InodeReference file_ = 0;
  std::vector<std::string> names_;
  int error_ = 0;
};

TEST_F(XattrTableTest, NamesAndValuesAreRead) {
  craft(both(stored_xattr("a", "1"), stored_xattr("b", "")), 2);
  EXPECT_EQ(error_, 0);
  EXPECT_THAT(names_, ElementsAre("user.a", "user.b"));
  EXPECT_EQ(value("user.a"), "1");
  EXPECT_EQ(value("user.b"), "");
  for (const char* name : {"", "a", "user.", "user.c", "trusted.a"})
    EXPECT_EQ(value(name), std::nullopt) << name;
}

TEST_F(XattrTableTest, CountTellsWhereASetEnds) {
  craft(both(stored_xattr("a", "1"), stored_xattr("b", "2")), 1);
  EXPECT_THAT(names_, ElementsAre("user.a"));
  craft(both(stored_xattr("a", "1"), stored_xattr("b", "2")), 0);
  EXPECT_EQ(error_, 0);
  EXPECT_THAT(names_, IsEmpty());
}

TEST_F(XattrTableTest, PrefixIsANumber) {
  craft(of_type(1), 1);
  EXPECT_THAT(names_, ElementsAre("trusted.k"));
  craft(of_type(2), 1);
  EXPECT_THAT(names_, ElementsAre("security.k"));
  for (const unsigned unknown : {3U, 255U, 0x200U, 0x8000U}) {
    craft(of_type(static_cast<std::uint16_t>(unknown)), 1);
    EXPECT_EQ(error_, 0) << unknown;
    EXPECT_THAT(names_, IsEmpty()) << unknown;
  }
}

TEST_F(XattrTableTest, NameThatNoAttributeHasIsRefused) {
  for (const std::string& name :
       {std::string(), std::string("a\0b", 3), std::string(256, 'n')}) {
    craft(stored_xattr(name, "v"), 1);
    EXPECT_EQ(error_, EIO) << name.size();
  }
}

TEST_F(XattrTableTest, ValueThatIsTooLongIsRefused) {
  craft(stored_xattr("a", std::string(65536, 'v')), 1);
  EXPECT_EQ(error_, 0);
  EXPECT_EQ(value("user.a").value_or("").size(), 65536U);
  craft(stored_xattr("a", std::string(65537, 'v')), 1);
  EXPECT_EQ(value("user.a"), std::nullopt);
  EXPECT_EQ(error_, EIO);
}

// The value is another's, by its reference.
TEST_F(XattrTableTest, ValueMayBeElsewhere) {
  base::Bytes bytes = stored_xattr("a", "shared");
  const std::uint64_t at = bytes.size() - 6 - 4;
  base::Bytes pointer = stored_xattr("b", std::string(8, '\0'));
  base::store_le(std::span(pointer), std::uint16_t{0x100});
  base::store_le(std::span(pointer).subspan(pointer.size() - 8), at);
  craft(both(bytes, pointer), 2);
  EXPECT_THAT(names_, ElementsAre("user.a", "user.b"));
  EXPECT_EQ(value("user.b"), "shared");
}

TEST_F(XattrTableTest, ValueElsewhereMustBeThere) {
  for (const std::uint64_t at :
       {std::uint64_t{8000}, std::uint64_t{1} << 16, UINT64_MAX}) {
    base::Bytes pointer = stored_xattr("b", std::string(8, '\0'));
    base::store_le(std::span(pointer), std::uint16_t{0x100});
    base::store_le(std::span(pointer).subspan(pointer.size() - 8), at);
    craft(pointer, 1);
    EXPECT_EQ(value("user.b"), std::nullopt);
    EXPECT_EQ(error_, EIO) << at;
  }
  base::Bytes short_pointer = stored_xattr("b", "1234");
  base::store_le(std::span(short_pointer), std::uint16_t{0x100});
  craft(short_pointer, 1);
  EXPECT_EQ(value("user.b"), std::nullopt);
  EXPECT_EQ(error_, EIO);
}

TEST_F(XattrTableTest, MoreThanCanBeListedIsRefused) {
  base::Bytes many;
  constexpr std::uint32_t kCount = 300;
  for (std::uint32_t i = 0; i < kCount; ++i)
    base::append(many, stored_xattr(std::to_string(i) + std::string(240, 'n'), ""));
  craft(many, kCount);
  EXPECT_EQ(error_, E2BIG);
  craft(stored_xattr("a", "1"), UINT32_MAX);
  EXPECT_EQ(error_, EIO);
}

TEST_F(XattrTableTest, SetOutOfTheTableIsRefused) {
  craft(stored_xattr("a", "1"), 1, 8000);
  EXPECT_EQ(error_, EIO);
  craft(stored_xattr("a", "1"), 1, std::uint64_t{1} << 40);
  EXPECT_EQ(error_, EIO);
}

TEST_F(XattrTableTest, SetThatDoesNotExistIsRefused) {
  CraftedImage crafted;
  crafted.xattrs(stored_xattr("a", "1"), {{0, 1}});
  const auto file = crafted.file({.xattrs = 1});
  const Image image =
      test::image_of(crafted.bytes(crafted.directory(crafted.listing({{"a", file}}))));
  EXPECT_EQ(image.xattr_names(file.reference, names_), EIO);
  EXPECT_EQ(image.xattr_names(image.root(), names_), 0);
}

}  // namespace
}  // namespace xar::image
