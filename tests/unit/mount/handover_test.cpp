// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/handover.hpp"

#include <gtest/gtest.h>

#include "support/child.hpp"
#include "support/memory_file.hpp"

namespace xar::mount {
namespace {

Attached a_mount() {
  return {test::memory_file(base::as_bytes("device")), 0x1122334455667788};
}

TEST(HandoverTest, ServerGetsTheOpenDeviceAndItsNumber) {
  Handover handover;
  EXPECT_EQ(test::in_child([&] { EXPECT_TRUE(handover.give(a_mount())); }), 0);
  const auto taken = handover.take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->number, 0x1122334455667788U);
  EXPECT_EQ(base::as_text(test::content_of(taken->device.get())), "device");
}

TEST(HandoverTest, GivingSaysThatNoServerIsThere) {
  Handover handover;
  EXPECT_FALSE(handover.give(a_mount()));
}

}  // namespace
}  // namespace xar::mount
