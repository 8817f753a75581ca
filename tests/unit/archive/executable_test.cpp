// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"

namespace xar::archive {
namespace {

using ::testing::HasSubstr;

// A tree with one file, "run".
tree::Tree with_file(std::string content, std::uint16_t permissions) {
  tree::Tree tree;
  tree.add_file("run", std::move(content), permissions);
  return tree;
}

std::string refusal(const tree::Tree& tree, const std::string& path, Executor executor) {
  try {
    check_executable(tree, path, executor);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(Executable, NeedsItsModeOnlyWhereTheKernelExecutesIt) {
  const tree::Tree script = with_file("echo hello\n", 0644);
  EXPECT_EQ(refusal(script, "run", Executor::kLauncher), "");
  EXPECT_THAT(refusal(script, "run", Executor::kKernel), HasSubstr("chmod +x"));
  const tree::Tree python = with_file("#!/usr/bin/env python3\n", 0644);
  EXPECT_THAT(refusal(python, "run", Executor::kLauncher), HasSubstr("chmod +x"));
}

TEST(Executable, TellsOfAnInterpreterThatIsNowhere) {
  EXPECT_EQ(
      check_executable(with_file("#! /bin/sh -e\n", 0755), "run", Executor::kKernel), "");
  EXPECT_THAT(check_executable(with_file("#!/no/such/interpreter -x\n", 0755), "run",
                               Executor::kKernel),
              HasSubstr("run needs /no/such/interpreter"));
}

TEST(Executable, IsFollowedThroughSymlinksOfTheTree) {
  tree::Tree tree = with_file("#!/bin/cat\n", 0755);
  tree.add_symlink("bin/inner", "../run");
  tree.add_symlink("link", "bin/inner");
  tree.add_symlink("loop", "loop");
  tree.add_symlink("out", "/bin/sh");
  EXPECT_EQ(check_executable(tree, "link", Executor::kKernel), "");
  EXPECT_THAT(check_executable(tree, "loop", Executor::kKernel), HasSubstr("loop"));
  EXPECT_THAT(check_executable(tree, "out", Executor::kKernel),
              HasSubstr("not in the archive"));
  EXPECT_THAT(refusal(tree, "bin", Executor::kKernel), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(tree, "none", Executor::kKernel), HasSubstr("no such file"));
}

TEST(StartScript, RefusesWhatAShellCannotSet) {
  for (const char* name : {"", "1A", "A-B", "A;id", "Ä"}) {
    tree::Tree tree;
    Program program{"run", {}, {{name, "value"}}};
    EXPECT_THROW(add_start_script(tree, program), base::Error) << name;
  }
}

TEST(StartScript, IsTheTarget) {
  tree::Tree tree = with_file("", 0755);
  const std::string path = add_start_script(tree, {"run", {}, {}});
  ASSERT_NE(tree.find(path), nullptr);
  EXPECT_EQ(tree.find(path)->permissions, 0755);
}

}  // namespace
}  // namespace xar::archive
