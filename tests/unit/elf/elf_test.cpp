// SPDX-License-Identifier: BSD-2-Clause
#include "xar/elf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/crafted_elf.hpp"
#include "xar/base/error.hpp"

namespace xar::elf {
namespace {

using test::craft_elf;
using test::CraftedElf;
using ::testing::HasSubstr;

std::string refusal(const std::string& file) {
  try {
    examine(base::as_bytes(file), "launcher");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

// Both classes and both byte orders.
class Elf : public ::testing::TestWithParam<std::pair<unsigned char, unsigned char>> {
 protected:
  CraftedElf wanted() const {
    CraftedElf wanted;
    wanted.width = GetParam().first;
    wanted.order = GetParam().second;
    return wanted;
  }
};

TEST_P(Elf, NoteIsFoundAndSetAndNothingElseChanges) {
  CraftedElf wanted = this->wanted();
  wanted.position = 7;
  std::string file = craft_elf(wanted);
  const auto mark = find_mark(base::as_bytes(file));
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->position, 7U);

  set_mark(std::as_writable_bytes(std::span(file.data(), file.size())), *mark, 0x12345);
  wanted.position = 0x12345;
  EXPECT_EQ(file, craft_elf(wanted));
}

TEST_P(Elf, EndIsThatOfItsLastPartWhateverFollows) {
  const std::string file = craft_elf(wanted());
  EXPECT_EQ(examine(base::as_bytes(file), "launcher").end, file.size());
  const std::string more = file + std::string(9999, '#');
  EXPECT_EQ(examine(base::as_bytes(more), "launcher").end, file.size());
  for (const std::size_t missing : {std::size_t{1}, file.size() / 2}) {
    EXPECT_THAT(refusal(file.substr(0, file.size() - missing)), HasSubstr("cut short"));
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Elf,
                         ::testing::Values(std::pair(ELFCLASS64, ELFDATA2LSB),
                                           std::pair(ELFCLASS64, ELFDATA2MSB),
                                           std::pair(ELFCLASS32, ELFDATA2LSB),
                                           std::pair(ELFCLASS32, ELFDATA2MSB)));

TEST(ElfProgram, OnlyExecutablesAreAccepted) {
  for (const std::uint16_t type : std::vector<std::uint16_t>{ET_REL, ET_CORE, ET_NONE}) {
    EXPECT_THAT(refusal(craft_elf({.type = type})),
                HasSubstr("expected an ELF executable"));
  }
  EXPECT_THAT(refusal("#!/bin/sh\n"), HasSubstr("expected an ELF executable"));
  EXPECT_THAT(refusal(""), HasSubstr("expected an ELF executable"));
  EXPECT_THAT(refusal(craft_elf({.width = 3})), HasSubstr("expected an ELF executable"));
  EXPECT_EQ(refusal(craft_elf({.type = ET_DYN})), "");
}

TEST(ElfProgram, DynamicOnesAreKnown) {
  const std::string fixed = craft_elf({});
  const std::string dynamic = craft_elf({.has_interpreter = true});
  EXPECT_FALSE(examine(base::as_bytes(fixed), "launcher").is_dynamic);
  EXPECT_TRUE(examine(base::as_bytes(dynamic), "launcher").is_dynamic);
}

TEST(ElfProgram, MachinesHaveTheirNames) {
  EXPECT_EQ(machine_of(base::as_bytes(craft_elf({}))), "x86_64");
  EXPECT_EQ(machine_of(base::as_bytes(craft_elf({.machine = EM_AARCH64}))), "aarch64");
  EXPECT_EQ(machine_of(base::as_bytes(craft_elf({.machine = 40000}))), "machine 40000");
  EXPECT_EQ(machine_of(base::as_bytes("text")), "machine 0");
}

TEST(ElfProgram, OthersHaveNoNote) {
  EXPECT_FALSE(find_mark(base::as_bytes(craft_elf({.has_note = false}))));
  EXPECT_FALSE(find_mark(base::as_bytes("#!/bin/sh\n")));
  EXPECT_FALSE(find_mark({}));
}

// Nothing is read outside, nothing loops: the sanitizers and CTest's time-out see to it.
TEST(ElfProgram, DamagedOnesAreReadWithinTheirBytes) {
  std::mt19937 random(20261125);
  for (int round = 0; round < 20000; ++round) {
    const unsigned char width = round % 2 == 0 ? ELFCLASS64 : ELFCLASS32;
    std::string file = craft_elf({.width = width, .code_size = 16});
    for (int i = 0; i < 4; ++i) {
      file[random() % 260 % file.size()] = static_cast<char>(random());
    }
    file.resize(file.size() - random() % 300 % file.size());
    if (const auto mark = find_mark(base::as_bytes(file))) {
      EXPECT_LE(mark->at + 4, file.size());
    }
    try {
      EXPECT_LE(examine(base::as_bytes(file), "launcher").end, file.size());
    } catch (const base::Error&) {
    }
  }
}

}  // namespace
}  // namespace xar::elf
