// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <stdexcept>

#include "xar/tree.hpp"

namespace xar::tree {
namespace {

Tree tree_of(const std::string& content) {
  Tree tree;
  tree.add_file("d/a", content, 0644);
  tree.add_file("d/b", content, 0644);
  return tree;
}

TEST(Merge, EndsWhenToldAtEveryName) {
  unsigned calls = 0;
  Tree whole = tree_of("x");
  whole.merge(
      tree_of("x"), [](const std::string&) {}, [&calls] { ++calls; });
  ASSERT_GE(calls, 3U);
  for (unsigned last = 0; last < calls; ++last) {
    Tree tree = tree_of("x");
    unsigned left = last;
    const auto tick = [&left] {
      if (left-- == 0) throw std::runtime_error("told to end");
    };
    EXPECT_THROW(tree.merge(
                     tree_of("x"), [](const std::string&) {}, tick),
                 std::runtime_error);
  }
}

}  // namespace
}  // namespace xar::tree
