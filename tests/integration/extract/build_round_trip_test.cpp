// SPDX-License-Identifier: BSD-2-Clause
// Random trees, packed by our writer into both forms of archive and unpacked again, by
// root and by an ordinary user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "support/compare_trees.hpp"
#include "support/crafted_elf.hpp"
#include "support/odd_tree.hpp"
#include "support/ordinary_user.hpp"
#include "support/scratch.hpp"
#include "xar/archive.hpp"
#include "xar/extract.hpp"
#include "xar/inspect.hpp"

namespace xar {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

// As often as XAR_RANDOM_TREES says, for long runs by hand.
int rounds() {
  const char* const wanted = std::getenv("XAR_RANDOM_TREES");
  return wanted != nullptr ? std::atoi(wanted) : 2;
}

// Packs `tree` and unpacks the archive into `out`, which does not exist.
void make_round_trip(const fs::path& tree, const fs::path& archive, const fs::path& out,
                     const std::optional<archive::Launcher>& launcher) {
  header::Header header;
  header.version = std::string(1, '1');
  squashfs::Options options;
  options.block_size = 4096;
  options.level = 1;
  archive::write(archive, header, tree::scan(tree), options, 022, launcher);
  const inspect::Archive opened = inspect::open_archive(archive);
  extract::extract_as(opened.image, out);
}

// Both forms in `folder`, of random trees made there.
void make_round_trips(const fs::path& folder, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  test::write_file(folder / "launcher", test::craft_elf({}));
  for (int round = 0; round < rounds(); ++round) {
    const fs::path at = folder / std::to_string(round);
    fs::create_directory(at);
    test::make_random_tree(at / "tree", 300, 4096, random);
    make_round_trip(at / "tree", at / "a.xar", at / "out", std::nullopt);
    EXPECT_THAT(test::compare_trees(at / "tree", at / "out"), IsEmpty());
    make_round_trip(at / "tree", at / "a", at / "again",
                    archive::read_launcher(folder / "launcher"));
    EXPECT_THAT(test::compare_trees(at / "tree", at / "again"), IsEmpty());
  }
}

TEST(BuildRoundTrip, RandomTreesComeBack) {
  const test::Scratch scratch;
  make_round_trips(scratch.path(), 20261125);
}

TEST(BuildRoundTrip, RandomTreesComeBackToAnOrdinaryUser) {
  XAR_NEEDS_ROOT();
  const test::Scratch scratch;
  EXPECT_EQ(test::as_nobody(scratch.path(),
                            [&] { make_round_trips(scratch.path(), 20261126); }),
            0);
}

}  // namespace
}  // namespace xar
