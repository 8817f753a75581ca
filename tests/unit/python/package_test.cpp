// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/python.hpp"

namespace xar::python {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class PackageTest : public ::testing::Test {
 protected:
  PackageTest() {
    std::filesystem::create_directories(scratch_ / "tool/plain");
    test::write_file(scratch_ / "tool/cli.py", "class app:\n  main = print\n");
    for (const char* file :
         {"single.py", "tool/__init__.py", "tool/__main__.py", "tool/plain/__init__.py",
          "fast.cpython-311-x86_64-linux-gnu.so"}) {
      test::write_file(scratch_ / file, "");
    }
  }

  Package packed(const std::string& entry_point) {
    Application application;
    application.inputs = {scratch_.path()};
    application.entry_point = entry_point;
    application.interpreter = "/usr/bin/python3";
    application.shebang = shebang_;
    return package(application);
  }

  std::string refusal(const std::string& entry_point) {
    try {
      packed(entry_point);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  test::Scratch scratch_;
  std::optional<std::string> shebang_ = "python3";
};

std::string content_of(const tree::Tree& tree, std::string_view path) {
  const tree::Inode* inode = tree.find(path);
  return inode == nullptr ? "" : std::get<std::string>(inode->content);
}

TEST_F(PackageTest, HoldsTheModulesAndWhatStartsThem) {
  const Package package = packed("tool.cli:app.main");
  EXPECT_NE(package.tree.find("tool/cli.py"), nullptr);
  const tree::Inode* target = package.tree.find(package.target);
  ASSERT_NE(target, nullptr);
  EXPECT_EQ(target->permissions, 0755);
  EXPECT_THAT(content_of(package.tree, package.target),
              HasSubstr("for candidate in 'python3'; do"));
  EXPECT_THAT(content_of(package.tree, "__xar_python__/bin/__run_xar_main__.py"),
              HasSubstr(".run(\"tool.cli:app.main\", {}, False)"));
  EXPECT_NE(package.tree.find("tool/__pycache__"), nullptr);
}

TEST_F(PackageTest, FindsEveryKindOfModule) {
  for (const char* entry_point : {"single", "tool", "tool.cli", "fast:main"}) {
    EXPECT_EQ(refusal(entry_point), "") << entry_point;
  }
}

TEST_F(PackageTest, NamesAModuleThatIsMissing) {
  EXPECT_EQ(
      refusal("tool.cly:main"),
      "no such module: tool.cly: there is neither tool/cly.py nor tool/cly/: did you "
      "mean tool.cli?");
  EXPECT_THAT(refusal("singl"), HasSubstr("did you mean single?"));
  EXPECT_THAT(refusal("single.part"), HasSubstr("no such module: single.part"));
}

TEST_F(PackageTest, NamesAFunctionThatIsMissing) {
  test::write_file(scratch_ / "tool/cli.py", "def serve():\n  pass\ndef main(): pass\n");
  EXPECT_EQ(
      refusal("tool.cli:mian"),
      "no such function: tool.cli:mian: the module has no mian: did you mean main?");
  EXPECT_EQ(refusal("tool.cli:serve"), "");
  test::write_file(scratch_ / "tool/cli.py", "from .other import *\n");
  EXPECT_EQ(refusal("tool.cli:anything"), "");
}

TEST_F(PackageTest, FindsFunctionsInSubmodulesAndTheStandardLibrary) {
  for (const char* entry_point :
       {"tool:cli.app.main", "tool:plain", "http.server", "json.tool:main", "unittest"}) {
    EXPECT_EQ(refusal(entry_point), "") << entry_point;
    EXPECT_THAT(packed(entry_point).warnings, IsEmpty()) << entry_point;
  }
  EXPECT_THAT(refusal("tool:cly.main"), HasSubstr("the module has no cly"));
}

TEST_F(PackageTest, FindsModulesInFoldersOfPthFiles) {
  test::write_file(scratch_ / "more.pth", "# comment\n./added/\r\n\n");
  std::filesystem::create_directories(scratch_ / "added/inner");
  test::write_file(scratch_ / "added/inner/__init__.py", "");
  test::write_file(scratch_ / "added/other.py", "def main(): pass\n");
  EXPECT_THAT(packed("other:main").warnings, IsEmpty());
  EXPECT_THAT(refusal("other:mian"), HasSubstr("did you mean main?"));
  EXPECT_THAT(refusal("inner"), HasSubstr("it has no __main__.py"));
  EXPECT_THAT(refusal("nowhere"), HasSubstr("no such module"));
}

TEST_F(PackageTest, WarnsOfWhatMayBeMadeWhenItRuns) {
  test::write_file(scratch_ / "tool/cli.py", "globals().update(made)\n");
  EXPECT_THAT(packed("tool.cli:main").warnings,
              ElementsAre(HasSubstr("no such function: tool.cli:main")));
  test::write_file(scratch_ / "tool/__init__.py", "__path__.append(elsewhere)\n");
  EXPECT_THAT(packed("tool.other").warnings,
              ElementsAre(HasSubstr("no such module: tool.other")));
  test::write_file(scratch_ / "hook.pth", "import single\n");
  EXPECT_THAT(packed("nowhere").warnings,
              ElementsAre(HasSubstr("no such module: nowhere")));
}

TEST_F(PackageTest, RefusesToRunAPackageWithoutMain) {
  EXPECT_THAT(refusal("tool.plain"), HasSubstr("it has no __main__.py"));
}

TEST_F(PackageTest, RefusesEntryPointsThatAreNone) {
  for (const char* entry_point :
       {"", ":", "tool:", ":main", "tool/cli", "tool.cli:main()", "1tool", "tool..cli",
        "tool.cli:a:b", "tool.cli:a\"b", ".tool", "tool.", " tool"}) {
    EXPECT_THAT(refusal(entry_point), HasSubstr("bad entry point")) << entry_point;
  }
}

TEST_F(PackageTest, RefusesInterpretersThatCannotBeOne) {
  for (const char* shebang : {"", "bin/python3", "py'thon", "-c", "py\nthon"}) {
    shebang_ = shebang;
    EXPECT_THAT(refusal("single"), HasSubstr("bad interpreter")) << shebang;
  }
}

TEST_F(PackageTest, RunsWithTheInterpreterAndOptionsOfAShebang) {
  shebang_ = "#!/usr/bin/env python3.12 -X dev";
  const Package package = packed("single");
  const std::string shell = content_of(package.tree, package.target);
  EXPECT_THAT(shell, HasSubstr("for candidate in 'python3.12'; do"));
  EXPECT_THAT(shell, HasSubstr("start '-X' 'dev' \"$prefix/bin/"));
}

TEST_F(PackageTest, LooksForTheMinorVersionThatItWasBuiltWith) {
  shebang_.reset();
  const Package package = packed("single");
  EXPECT_THAT(
      content_of(package.tree, package.target),
      ContainsRegex("for candidate in '/usr/bin/python(3.[0-9]+)' 'python3.[0-9]+'"));
}

TEST_F(PackageTest, LeavesNoTraceOfUmaskAndTimeOfUnpacking) {
  std::filesystem::permissions(scratch_ / "tool/cli.py", std::filesystem::perms(0700));
  std::filesystem::permissions(scratch_ / "single.py", std::filesystem::perms(0600));
  const Package package = packed("single");
  EXPECT_EQ(package.tree.find("tool/cli.py")->permissions, 0755);
  EXPECT_EQ(package.tree.find("single.py")->permissions, 0644);
  EXPECT_EQ(package.tree.find("tool/__pycache__")->permissions, 0755);
  EXPECT_EQ(package.tree.find("__xar_python__")->mtime, 0);
}

TEST_F(PackageTest, PacksWhatLinksLeadTo) {
  namespace fs = std::filesystem;
  const test::Scratch elsewhere;
  fs::create_directories(elsewhere / "data/deep");
  test::write_file(elsewhere / "data/deep/file", "content");
  test::write_file(elsewhere / "other", "more");
  fs::create_symlink("../../other", elsewhere / "data/deep/out");
  fs::create_symlink(elsewhere / "data/deep/file", scratch_ / "tool/file");
  fs::create_directory_symlink(elsewhere / "data", scratch_ / "data");
  fs::create_symlink("../single.py", scratch_ / "tool/inside");
  fs::create_symlink(scratch_ / "single.py", scratch_ / "tool/absolute");
  fs::create_symlink("/dev/null", scratch_ / "null");
  const Package package = packed("single");
  const auto target = [&](const char* path) { return package.tree.find(path)->target; };
  for (const char* path : {"tool/file", "data/deep/file", "data/deep/out"}) {
    ASSERT_NE(package.tree.find(path), nullptr) << path;
    EXPECT_EQ(package.tree.find(path)->type, tree::Type::kRegular) << path;
  }
  EXPECT_EQ(target("tool/inside"), "../single.py");
  EXPECT_EQ(target("tool/absolute"), "../single.py");
  EXPECT_EQ(target("null"), "/dev/null");
  EXPECT_THAT(package.warnings, IsEmpty());
}

TEST_F(PackageTest, WarnsOfLinksThatCannotBeFollowed) {
  namespace fs = std::filesystem;
  const test::Scratch elsewhere;
  fs::create_directory(elsewhere / "folder");
  fs::create_directory_symlink("..", elsewhere / "folder/around");
  fs::create_directory_symlink(elsewhere / "folder", scratch_ / "folder");
  fs::create_directory_symlink("..", scratch_ / "up");
  fs::create_symlink("../nothing", scratch_ / "nothing");
  const Package package = packed("single");
  EXPECT_THAT(package.warnings,
              UnorderedElementsAre(HasSubstr("leads nowhere"), HasSubstr("/up: .."),
                                   HasSubstr("/folder/around: ..")));
}

TEST_F(PackageTest, NamesOnlySomeOfManyLinks) {
  for (int i = 0; i < 30; ++i) {
    const std::string name = "nothing" + std::to_string(i);
    std::filesystem::create_symlink("../" + name, scratch_ / name);
  }
  EXPECT_EQ(packed("single").warnings.size(), 10U);
}

TEST_F(PackageTest, RefusesASourceThatHasTheBootstrapsNames) {
  test::write_file(scratch_ / "__xar_site__.py", "");
  EXPECT_THAT(refusal("single"), HasSubstr("__xar_site__.py"));
}

}  // namespace
}  // namespace xar::python
