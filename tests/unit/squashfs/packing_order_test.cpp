// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/packing_order.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace xar::squashfs {
namespace {

std::vector<PackedFile> some_files() {
  std::vector<PackedFile> files;
  for (int i = 0; i < 3000; ++i) {
    files.push_back({nullptr, "d/" + std::to_string(i * 7919 % 3000), false});
  }
  return files;
}

TEST(PackingOrder, PutsHigherPrioritiesFirst) {
  std::vector<PackedFile> files = some_files();
  put_in_packing_order(files, {{"d/42", 5}, {"d", 1}}, [] {});
  EXPECT_EQ(files.front().path, "d/42");
}

TEST(PackingOrder, EndsWhenToldInAnyPhase) {
  unsigned calls = 0;
  std::vector<PackedFile> files = some_files();
  put_in_packing_order(files, {}, [&calls] { ++calls; });
  ASSERT_GT(calls, 6000U);  // of two passes over all names
  for (unsigned last = 0; last < calls; last += 500) {
    files = some_files();
    unsigned left = last;
    EXPECT_THROW(put_in_packing_order(files, {},
                                      [&left] {
                                        if (left-- == 0) throw std::runtime_error("end");
                                      }),
                 std::runtime_error);
  }
}

}  // namespace
}  // namespace xar::squashfs
