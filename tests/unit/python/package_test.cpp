// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/python.hpp"

namespace xar::python {
namespace {

using ::testing::HasSubstr;

class PackageTest : public ::testing::Test {
 protected:
  PackageTest() {
    std::filesystem::create_directories(scratch_ / "tool/plain");
    for (const char* file :
         {"single.py", "tool/__init__.py", "tool/cli.py", "tool/__main__.py",
          "tool/plain/__init__.py", "fast.cpython-311-x86_64-linux-gnu.so"}) {
      test::write_file(scratch_ / file, "");
    }
  }

  Package packed(const std::string& entry_point,
                 const std::string& interpreter = "python3") {
    return package({scratch_.path(), entry_point, interpreter});
  }

  std::string refusal(const std::string& entry_point,
                      const std::string& interpreter = "python3") {
    try {
      packed(entry_point, interpreter);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  test::Scratch scratch_;
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
              HasSubstr("XAR_PYTHON_COMMAND='python3'\n"));
  EXPECT_THAT(content_of(package.tree, "__run_xar_main__.py"),
              HasSubstr("_run(\"tool.cli\", \"app.main\")"));
}

TEST_F(PackageTest, FindsEveryKindOfModule) {
  for (const char* entry_point :
       {"single", "single:main", "tool", "tool.cli", "tool.cli:main", "tool.plain:main",
        "fast:main", "tool:main"}) {
    EXPECT_EQ(refusal(entry_point), "") << entry_point;
  }
}

TEST_F(PackageTest, NamesAModuleThatIsMissing) {
  EXPECT_EQ(refusal("tool.gui:main"),
            "no such module: tool.gui: the source has neither tool/gui.py nor tool/gui/");
  EXPECT_THAT(refusal("singl"), HasSubstr("no such module: singl"));
  EXPECT_THAT(refusal("single.part"), HasSubstr("no such module: single.part"));
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
  for (const char* interpreter :
       {"", "python 3", "bin/python3", "py'thon", "-c", "py\nthon"}) {
    EXPECT_THAT(refusal("single", interpreter), HasSubstr("bad interpreter"))
        << interpreter;
  }
  EXPECT_EQ(refusal("single", "/opt/python/bin/python3.12"), "");
}

TEST_F(PackageTest, RefusesASourceThatHasTheBootstrapsNames) {
  test::write_file(scratch_ / "__run_xar_main__.py", "");
  EXPECT_THAT(refusal("single"), HasSubstr("__run_xar_main__.py"));
}

}  // namespace
}  // namespace xar::python
