// SPDX-License-Identifier: BSD-2-Clause
#include "python/entry_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "python/entry_point.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class EntryChoiceTest : public ::testing::Test {
 protected:
  EntryChoiceTest() {
    tree_.add_file("app.py", "def main(): pass\n", 0644);
    tree_.add_file("other.py", "def main(): pass\n", 0644);
  }

  std::optional<std::string> entry() {
    return choose_start(application_, facts_, tree_).entry;
  }

  std::string refusal() {
    try {
      entry();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  Application application_;
  BuildFacts facts_;
  tree::Tree tree_;
};

TEST_F(EntryChoiceTest, WhatTheUserNamedGoesBeforeAllElse) {
  facts_.entry = "other";
  facts_.own_scripts = {{"script", "other:main"}};
  tree_.add_file("__main__.py", "", 0644);
  application_.entry_point = "app:main";
  EXPECT_EQ(entry(), "app:main");
  application_.entry_point.reset();
  application_.script = "script";
  EXPECT_EQ(entry(), "other:main");
}

TEST_F(EntryChoiceTest, WhatAnInputRunsGoesBeforeItsMain) {
  tree_.add_file("__main__.py", "", 0644);
  facts_.entry = "app:main";
  EXPECT_EQ(entry(), "app:main");
  facts_.entry.reset();
  EXPECT_EQ(entry(), "__main__");
}

TEST_F(EntryChoiceTest, OnlyScriptIsTaken) {
  facts_.own_scripts = {{"script", "app:main"}};
  facts_.other_scripts = {{"another", "other:main"}};
  EXPECT_EQ(entry(), "app:main");
}

TEST_F(EntryChoiceTest, OnlyDeclaredScriptAmongFilesIsTaken) {
  facts_.own_scripts = {{"file", "bin/file"}, {"declared", "app:main"}};
  EXPECT_EQ(entry(), "app:main");
}

TEST_F(EntryChoiceTest, SeveralScriptsAreNoChoice) {
  facts_.own_scripts = {{"one", "app:main"}, {"two", "other:main"}};
  EXPECT_THAT(refusal(), HasSubstr("where does it begin?"));
  application_.all_scripts = true;
  EXPECT_EQ(entry(), std::nullopt);
  EXPECT_THAT(choose_start(application_, facts_, tree_).scripts, SizeIs(2));
}

TEST_F(EntryChoiceTest, ScriptOfWhatWasAskedForGoesBeforeOthers) {
  facts_.own_scripts = {{"script", "app:main"}};
  facts_.other_scripts = {{"script", "other:main"}};
  application_.script = "script";
  EXPECT_EQ(entry(), "app:main");
}

TEST_F(EntryChoiceTest, MissingScriptIsNamedWithALikelyOne) {
  application_.script = "scrip";
  EXPECT_THAT(refusal(), HasSubstr("no such script: scrip: nothing that is packed has"));
  facts_.own_scripts = {{"script", "app:main"}};
  EXPECT_THAT(refusal(), HasSubstr("script"));
  EXPECT_THAT(refusal(), HasSubstr("no packed distribution has it"));
}

TEST_F(EntryChoiceTest, LikelyModuleIsNamed) {
  EXPECT_THAT(refusal(), HasSubstr(", such as -e app"));
}

TEST_F(EntryChoiceTest, ModuleThatIsNotThereIsRefused) {
  application_.entry_point = "missing";
  EXPECT_THAT(refusal(), HasSubstr("no such module: missing"));
  application_.entry_point = "app:mian";
  EXPECT_THAT(refusal(), HasSubstr("no such function: app:mian"));
}

// Its author has tried it: the function may be made when it runs.
TEST_F(EntryChoiceTest, FunctionOfADeclaredScriptIsOnlyDoubted) {
  facts_.own_scripts = {{"script", "app:missing"}};
  const EntryChoice start = choose_start(application_, facts_, tree_);
  EXPECT_EQ(start.entry, "app:missing");
  ASSERT_THAT(start.warnings, SizeIs(1));
  EXPECT_THAT(start.warnings[0], HasSubstr("it starts only if that is made"));
}

TEST_F(EntryChoiceTest, StandardModuleNeedsNoFile) {
  facts_.standard = {"http"};
  application_.entry_point = "http.server";
  EXPECT_EQ(entry(), "http.server");
}

// A module of the tree hides that of the standard library, with all that is in it.
TEST_F(EntryChoiceTest, ModuleThatHidesAStandardOneIsLookedInto) {
  facts_.standard = {"http"};
  tree_.add_file("http/__init__.py", "", 0644);
  application_.entry_point = "http.server";
  EXPECT_THAT(refusal(), HasSubstr("no such module: http.server"));
}

TEST(EntryPoint, IsAModuleAndPerhapsAFunction) {
  EXPECT_EQ(parse_entry_point("a.b").module, "a.b");
  EXPECT_THAT(parse_entry_point("a.b").function, IsEmpty());
  EXPECT_EQ(parse_entry_point("a.b:c.d").function, "c.d");
  EXPECT_EQ(parse_entry_point("_a1:_\xc3\xa4").module, "_a1");
}

TEST(EntryPoint, RefusesWhatPythonCouldNotName) {
  for (const char* text : {"", ":", "a:", ":b", ".a", "a.", "a..b", "1a", "a-b", "a b",
                           "a:b:c", "a:b()", "a/b", "a:b.", "a\n", "a.1"}) {
    EXPECT_THROW(parse_entry_point(text), base::Error) << text;
  }
}

TEST(CheckEntryPoint, FindsModulesBelowThePathsOfPthFiles) {
  const std::set<std::string, std::less<>> none;
  tree::Tree tree;
  tree.add_file("a.pth", "# sub2\nsub/\r\n/absolute\n../out\n\n", 0644);
  tree.add_file("sub/inner.py", "", 0644);
  tree.add_file("sub2/other.py", "", 0644);
  EXPECT_EQ(check_entry_point(tree, {"inner", ""}, {none}), std::nullopt);
  EXPECT_THROW(check_entry_point(tree, {"other", ""}, {none}), base::Error);
}

TEST(CheckEntryPoint, MissingModuleIsOnlyDoubtedWherePathsAreMade) {
  const std::set<std::string, std::less<>> none;
  tree::Tree tree;
  tree.add_file("package/__init__.py", "", 0644);
  EXPECT_THROW(check_entry_point(tree, {"package.x", ""}, {none}), base::Error);
  EXPECT_TRUE(check_entry_point(tree, {"package.x", ""}, {none, true}));
  tree.add_file("a.pth", "import something", 0644);
  EXPECT_TRUE(check_entry_point(tree, {"package.x", ""}, {none}));
}

}  // namespace
}  // namespace xar::python
