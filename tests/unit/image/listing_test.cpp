// SPDX-License-Identifier: BSD-2-Clause
// Directories as nobody writes them, listed and looked into.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <stdexcept>

#include "support/crafted_image.hpp"
#include "support/memory_image.hpp"

namespace xar::image {
namespace {

using test::CraftedImage;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class ListingTest : public ::testing::Test {
 protected:
  using Names = std::vector<CraftedImage::Name>;

  // An image whose root has that listing.
  Image with_root(const CraftedImage::Listing& listing,
                  const std::vector<CraftedImage::IndexEntry>& index = {}) {
    return test::image_of(image_.bytes(image_.directory(listing, index)));
  }

  Names files(const std::vector<std::string>& names) {
    Names result;
    for (const std::string& name : names) result.push_back({name, image_.file({})});
    return result;
  }

  static int list(const Image& image, std::vector<std::string>& names) {
    return image.list(image.root(), 0, [&names](const Entry& entry) {
      names.push_back(entry.name);
      return names.size() < 1000;
    });
  }

  static int error_of(const Image& image) {
    std::vector<std::string> names;
    return list(image, names);
  }

  CraftedImage image_;
};

TEST_F(ListingTest, EmptyDirectoryHasItsTwoDots) {
  std::vector<std::string> names;
  EXPECT_EQ(list(with_root(image_.listing({})), names), 0);
  EXPECT_THAT(names, ElementsAre(".", ".."));
}

// Three bytes stand for the dots: less is as good as none.
TEST_F(ListingTest, SizeOfLessThanTheDotsIsNothing) {
  std::vector<std::string> names;
  CraftedImage::Listing listing = image_.listing(files({"a"}));
  listing.size = UINT32_MAX - 1;  // and three more
  EXPECT_EQ(list(with_root(listing), names), 0);
  EXPECT_THAT(names, SizeIs(2));
}

TEST_F(ListingTest, NamesThatLeadElsewhereAreRefused) {
  for (const std::string& name : {std::string("."), std::string(".."), std::string("a/b"),
                                  std::string("/"), std::string("a\0b", 3)}) {
    image_ = {};
    EXPECT_EQ(error_of(with_root(image_.listing(files({name})))), EIO) << name;
  }
}

TEST_F(ListingTest, LongestNameIsListedAndNoLongerOne) {
  EXPECT_EQ(error_of(with_root(image_.listing(files({std::string(255, 'n')})))), 0);
  image_ = {};
  EXPECT_EQ(error_of(with_root(image_.listing(files({std::string(300, 'n')})))), EIO);
}

TEST_F(ListingTest, RunOfMoreThanTheFormatAllowsIsRefused) {
  for (const std::size_t run : {256U, 257U}) {
    image_ = {};
    Names names;
    const auto file = image_.file({.links = 257});
    for (unsigned i = 1000; i < 1257; ++i) names.push_back({std::to_string(i), file});
    EXPECT_EQ(error_of(with_root(image_.listing(names, run))), run == 256 ? 0 : EIO);
  }
}

TEST_F(ListingTest, ListingThatEndsInsideAnEntryIsRefused) {
  const CraftedImage::Listing whole = image_.listing(files({"abc"}));
  const CraftedImage before = image_;
  for (std::uint32_t size = 1; size < whole.size; ++size) {
    image_ = before;
    CraftedImage::Listing cut = whole;
    cut.size = size;
    EXPECT_EQ(error_of(with_root(cut)), EIO) << size;
  }
}

TEST_F(ListingTest, ListingBeyondItsTableIsRefused) {
  CraftedImage::Listing listing = image_.listing(files({"a"}));
  listing.size += 100'000;
  EXPECT_EQ(error_of(with_root(listing)), EIO);
  image_ = {};
  listing = image_.listing(files({"a"}));
  listing.block = UINT32_MAX;
  EXPECT_EQ(error_of(with_root(listing)), EIO);
  image_ = {};
  listing = image_.listing(files({"a"}));
  listing.offset = UINT16_MAX;
  EXPECT_EQ(error_of(with_root(listing)), EIO);
}

TEST_F(ListingTest, UnknownTypeIsRefused) {
  Names names = files({"a"});
  for (const unsigned type : {0U, 15U, 0xFFFFU}) {
    names[0].node.type = static_cast<std::uint16_t>(type);
    EXPECT_EQ(error_of(with_root(image_.listing(names))), EIO) << type;
  }
}

TEST_F(ListingTest, LookupFindsExactlyTheNames) {
  const Image image = with_root(image_.listing(files({"a", "ab", "b"}), 1));
  for (const char* name : {"a", "ab", "b"}) {
    std::optional<Entry> found;
    EXPECT_EQ(image.lookup(image.root(), name, found), 0);
    EXPECT_TRUE(found) << name;
  }
  for (const char* name : {"", "A", "aa", "abc", "c", ".", ".."}) {
    std::optional<Entry> found;
    EXPECT_EQ(image.lookup(image.root(), name, found), 0);
    EXPECT_FALSE(found) << name;
  }
}

TEST_F(ListingTest, IndexThatLeadsBehindTheListingIsRefused) {
  const CraftedImage::Listing listing = image_.listing(files({"a", "b"}), 1);
  const Image image = with_root(listing, {{listing.size + 10, 0, "b"}});
  std::optional<Entry> found;
  EXPECT_EQ(image.lookup(image.root(), "b", found), EIO);
  EXPECT_EQ(image.lookup(image.root(), "a", found), 0);
  EXPECT_TRUE(found);
}

TEST_F(ListingTest, VisitorThatThrowsEndsIt) {
  const Image image = with_root(image_.listing(files({"a"})));
  EXPECT_EQ(image.list(image.root(), 0,
                       [](const Entry&) -> bool { throw std::runtime_error("full"); }),
            EIO);
}

TEST_F(ListingTest, FileIsNoDirectory) {
  const auto file = image_.file({});
  const Image image = with_root(image_.listing({{"a", file}}));
  EXPECT_EQ(image.list(file.reference, 0, [](const Entry&) { return true; }), ENOTDIR);
  std::optional<Entry> found;
  EXPECT_EQ(image.lookup(file.reference, "a", found), ENOTDIR);
}

}  // namespace
}  // namespace xar::image
