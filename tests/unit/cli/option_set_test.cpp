// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/option_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/help.hpp"
#include "xar/base/error.hpp"
#include "xar/cli/value.hpp"

namespace xar::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A command with one of everything.
struct Sample {
  bool flag = false;
  bool other = false;
  std::optional<std::string> value;
  std::optional<std::string> choice;
  std::vector<std::string> many;
  std::string first;
  std::optional<std::string> second;
  OptionSet set{{.command = "sample", .usage = "FILE", .version = "sample 1"}};

  Sample() {
    set.flag("-f,--flag", flag, "A flag");
    set.flag("-g", other, "Another");
    set.value("-v,--value", value, "N", "A value");
    set.value("--choice", choice, "{one,two}", "A choice");
    set.values("--many", many, "N", "Values");
    set.operand("FILE", first, "A file");
    set.optional_operand("OTHER", second, "Another");
  }

  std::optional<std::string> parse(std::vector<std::string> words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    return set.parse(pointers);
  }
};

std::string refusal(const std::vector<std::string>& words) {
  try {
    Sample().parse(words);
  } catch (const StatusError& error) {
    EXPECT_EQ(error.status(), kWrongUse);
    return error.what();
  }
  return "";
}

TEST(OptionSet, TakesOptionsAsGetoptDoes) {
  Sample a;
  a.parse({"file", "-fg", "-v3", "--many", "1", "--many=2", "--", "-x"});
  EXPECT_TRUE(a.flag);
  EXPECT_TRUE(a.other);
  EXPECT_EQ(a.value, "3");
  EXPECT_THAT(a.many, ElementsAre("1", "2"));
  EXPECT_EQ(a.first, "file");
  EXPECT_EQ(a.second, "-x");

  Sample b;
  b.parse({"-gv", "-1", "-", "x"});
  EXPECT_EQ(b.value, "-1");
  EXPECT_EQ(b.first, "-");

  Sample c;
  c.parse({"--value=", "f"});
  EXPECT_EQ(c.value, "");
}

TEST(OptionSet, StopsBeforeTheFirstOperand) {
  Sample sample;
  std::vector<std::string> words = {"-v", "1", "file", "-f"};
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  std::size_t end = 0;
  EXPECT_FALSE(sample.set.parse_front(pointers, end));
  EXPECT_EQ(end, 2u);
  EXPECT_FALSE(sample.flag);
}

TEST(OptionSet, SaysWhatIsWrong) {
  EXPECT_EQ(refusal({}), "no FILE given: see sample --help");
  EXPECT_EQ(refusal({"a", "b", "c"}), "unexpected argument: c: see sample --help");
  EXPECT_EQ(refusal({"a", "--flga"}),
            "unknown option: --flga: did you mean --flag? See sample --help");
  EXPECT_EQ(refusal({"a", "-fx"}), "unknown option: -x: see sample --help");
  EXPECT_EQ(refusal({"a", "--flag=1"}), "--flag takes no value: see sample --help");
  EXPECT_EQ(refusal({"a", "-v"}), "--value needs a value, N: see sample --help");
  EXPECT_EQ(refusal({"a", "-v1", "--value", "2"}),
            "--value given twice: see sample --help");
  EXPECT_THAT(refusal({"a", "--choice", "tow"}), HasSubstr("did you mean two?"));
  EXPECT_THAT(refusal({"a", "--choice", "many"}), HasSubstr("expected one or two"));
}

TEST(OptionSet, PrintsHelpEvenIfSomethingIsMissing) {
  EXPECT_THAT(Sample().parse({"--help"}).value(), HasSubstr("-v, --value N"));
  EXPECT_EQ(Sample().parse({"-V"}), "sample 1\n");
}

TEST(Help, BreaksLinesAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 80, 2, 0), "one two three\n");
  EXPECT_EQ(wrapped("one two three", 7, 2, 0), "one two\n  three\n");
  EXPECT_EQ(wrapped("one two", 6, 4, 4), "one\n    two\n");
  EXPECT_EQ(wrapped("longerthanwide x", 5, 1, 0), "longerthanwide\n x\n");
  EXPECT_EQ(wrapped("", 5, 1, 0), "\n");
}

TEST(Value, IsASizeWithAUnitOfBytes) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("4096"), 4096u);
  EXPECT_EQ(parse_size("128K"), 128u << 10);
  EXPECT_EQ(parse_size("1MiB"), 1u << 20);
  EXPECT_EQ(parse_size("2gb"), 2ull << 30);
  EXPECT_EQ(parse_size("7b"), 7u);
  for (const char* text : {"", "K", "-1", "1.5M", "1X", "1KX", "1 K", "99999999999T"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace xar::cli
