// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/python.hpp"

namespace xar::python {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

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

TEST_F(PackageTest, RefusesASourceThatHasTheBootstrapsNames) {
  test::write_file(scratch_ / "__xar_site__.py", "");
  EXPECT_THAT(refusal("single"), HasSubstr("__xar_site__.py"));
}

}  // namespace
}  // namespace xar::python
