// SPDX-License-Identifier: BSD-2-Clause
// Headers behind a launcher.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/crafted_elf.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

using test::craft_elf;
using ::testing::HasSubstr;

Header sample(std::uint64_t position) {
  Header header;
  header.position = position;
  header.uuid = std::string(32, 'a');
  header.version = std::string(1, '1');
  header.target = "run.sh";
  return header;
}

class StandaloneHeader : public ::testing::Test {
 protected:
  Header read_back(const std::string& file) {
    test::write_file(scratch_ / "app", file);
    return read(base::open_file(scratch_ / "app", O_RDONLY).get(), "app");
  }
  std::string refusal(const std::string& file) {
    try {
      read_back(file);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  // A launcher of `pages` times 4 KiB.
  static std::string launcher(std::uint32_t pages) {
    std::string file = craft_elf({.position = pages});
    file.resize(pages * kAlignment);
    return file;
  }

  test::Scratch scratch_;
};

TEST_F(StandaloneHeader, IsFoundBehindTheLauncher) {
  const Header header = read_back(launcher(3) + print(sample(3 * kAlignment)));
  EXPECT_EQ(header.position, 3 * kAlignment);
  EXPECT_EQ(header.offset, 4 * kAlignment);
  EXPECT_EQ(header.target, "run.sh");
}

TEST_F(StandaloneHeader, MayBeFarBehindAndLong) {
  Header header = sample(700 * kAlignment);
  header.others["LONG"] = std::string(100'000, 'x');
  const Header again = read_back(launcher(700) + print(header));
  EXPECT_EQ(again.offset, (700 + 25) * kAlignment);
  EXPECT_EQ(again.others.at("LONG").size(), 100'000U);
}

TEST_F(StandaloneHeader, DiffersInItsOffsetOnly) {
  const std::string behind = print(sample(3 * kAlignment));
  const std::string alone = print(sample(0));
  EXPECT_THAT(behind, HasSubstr("\nOFFSET=\"16384\"\n"));
  const std::size_t rest = behind.find("UUID=");
  // One digit more, and one byte of padding less.
  EXPECT_EQ(behind.substr(rest), alone.substr(rest - 1, alone.size() - rest));
}

TEST_F(StandaloneHeader, OffsetMustLieBehindIt) {
  for (const std::uint64_t position : {0U, 2U, 300U}) {
    const std::string text = print(sample(position * kAlignment));
    EXPECT_THAT(refusal(launcher(3) + text), HasSubstr("line 2: OFFSET: expected"));
  }
}

TEST_F(StandaloneHeader, ItsLossIsTold) {
  const std::string gone = "the archive behind this launcher is gone: app";
  EXPECT_THAT(refusal(launcher(3)), HasSubstr(gone));
  EXPECT_THAT(refusal(craft_elf({.position = 3})), HasSubstr(gone));
  EXPECT_THAT(refusal(launcher(3) + "something else"), HasSubstr(gone));
  EXPECT_THAT(refusal(launcher(3) + print(sample(3 * kAlignment)).substr(0, 1000)),
              HasSubstr("cut short: app"));
}

TEST_F(StandaloneHeader, ProgramsWithoutArchiveAreNoArchives) {
  EXPECT_THAT(refusal(craft_elf({.position = 0})),
              HasSubstr("it is a launcher, with no archive behind it"));
  EXPECT_THAT(refusal(craft_elf({.has_note = false})), HasSubstr("it is a program"));
  EXPECT_THAT(refusal(craft_elf({.position = 0xFFFFFFFF})), HasSubstr("too far behind"));
}

}  // namespace
}  // namespace xar::header
