// SPDX-License-Identifier: BSD-2-Clause
// Names and paths of any characters on their way into a shell script and into Python.
#include "python/bootstrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class BootstrapTest : public ::testing::Test {
 protected:
  BootstrapTest() {
    application_.interpreter = facts_.executable = "/usr/bin/python3";
    facts_.implementation = "CPython";
    facts_.version = "3.11";
    facts_.tag = "cpython-311";
    start_.entry = "module";
  }

  // The text of one of the files that start the application.
  std::string text_of(const char* name) {
    tree::Tree tree;
    add_bootstrap(tree, application_, facts_, start_);
    const tree::Inode* file = tree.find(name);
    return file == nullptr ? "" : std::get<std::string>(file->content);
  }

  // What sh takes for the interpreters that the shell script tries, a line each.
  std::string candidates() {
    const std::string text = text_of(kShellName);
    const std::size_t begin = text.find("for candidate in ");
    const std::size_t end = text.find("; do\n", begin);
    if (end == text.npos) return "";
    const std::string loop = text.substr(begin, end - begin);
    return test::shell(loop + "; do printf '%s\\n' \"$candidate\"; done").output;
  }

  Application application_;
  BuildFacts facts_;
  EntryChoice start_;
};

TEST_F(BootstrapTest, TriesTheInterpreterThatWasNamedFirst) {
  application_.interpreter = facts_.executable = "/opt/python";
  EXPECT_EQ(candidates(),
            "/opt/python\npython3.11\n/usr/bin/python3.11\n/usr/local/bin/python3.11\n");
}

TEST_F(BootstrapTest, TriesNoInterpreterThatWasOnlyFound) {
  application_.interpreter = "python3";
  EXPECT_EQ(candidates(), "python3.11\n/usr/bin/python3.11\n/usr/local/bin/python3.11\n");
}

TEST_F(BootstrapTest, PathOfTheInterpreterMayHaveAnyCharacter) {
  for (const char* path : {"/home/o'brien/python", "/a b/python", "/$HOME/`id`/python",
                           "/a\"b/python", "/a\\b/python", "/''/;exit 1/*/python"}) {
    application_.interpreter = facts_.executable = path;
    EXPECT_THAT(candidates(),
                ::testing::StartsWith(std::string(path) + "\npython3.11\n"));
    const test::Scratch scratch;
    test::write_file(scratch / "script", text_of(kShellName));
    EXPECT_EQ(test::shell("sh -n " + test::quoted(scratch / "script")).status, 0) << path;
  }
}

TEST_F(BootstrapTest, EntryCannotEndItsLiteral) {
  start_.entry = "a\"b\\c\nd";
  EXPECT_THAT(text_of(kMainName), HasSubstr(R"("a\"b\\cd")"));
}

TEST_F(BootstrapTest, ScriptsCannotEndTheirLiterals) {
  start_.scripts = {{"na\"me", "bin/x\\"}};
  EXPECT_THAT(text_of(kMainName), HasSubstr(R"({"na\"me": "bin/x\\", })"));
}

// A line of its own would be another setting.
TEST_F(BootstrapTest, SettingsHaveNoValueOfTwoLines) {
  start_.entry = "a\nhome = /elsewhere";
  EXPECT_THAT(text_of(kSettingsName), Not(HasSubstr("elsewhere")));
}

TEST_F(BootstrapTest, RefusesATreeThatHasOneOfItsNames) {
  tree::Tree tree;
  tree.add_file(kShellName, "", 0644);
  EXPECT_THROW(add_bootstrap(tree, application_, facts_, start_), base::Error);
}

TEST_F(BootstrapTest, ShebangIsACommandOrAnAbsolutePathWithoutQuotes) {
  for (const char* shebang : {"python3", "/usr/bin/env python3 -X dev", "#!/a/python -s"})
    EXPECT_NO_THROW(require_shebang(shebang)) << shebang;
  for (const char* shebang : {"", " ", "#!", "bin/python", "-python", "py'thon",
                              "python3 -c 'x'", "python3 \"x\"", "python3\nid"}) {
    EXPECT_THROW(require_shebang(shebang), base::Error) << shebang;
  }
}

TEST(Trampolines, AreTheScriptsWhoseNamesAreFree) {
  tree::Tree tree;
  tree.add_file("taken", "", 0644);
  EntryChoice start;
  start.scripts = {{"free", "m"}, {"taken", "m"}, {"with space", "m"}, {"o'brien", "m"}};
  EXPECT_THAT(add_trampolines(tree, start),
              ElementsAre("invoke_xar_via_trampoline", "free"));
  EXPECT_EQ(tree.find("free")->type, tree::Type::kSymlink);
  EXPECT_EQ(tree.find("with space"), nullptr);
}

TEST(Trampolines, AreNoneWithoutScripts) {
  tree::Tree tree;
  EXPECT_THAT(add_trampolines(tree, {}), IsEmpty());
  EXPECT_THAT(tree.root().entries, IsEmpty());
}

}  // namespace
}  // namespace xar::python
