// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/title.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "xar/base/file.hpp"
#include "xar/base/log.hpp"

namespace xar::base {
namespace {

// Of another process, for the title takes the place of this one's arguments.
TEST(Title, LeavesWhatIsAskedForAfterwards) {
  EXPECT_EXIT(
      {
        ::setenv("XAR_LOG", "debug", 1);
        ::setenv("PATH", "/bin", 1);
        ::setenv("XAR_OTHER", "value", 1);
        set_title("titled", "titled: whole");
        const bool right =
            read_text("/proc/self/comm", 64) == "titled\n" &&
            read_text("/proc/self/cmdline", 4096).starts_with("titled: ") &&
            is_debugging() && ::getenv("PATH") != nullptr &&
            ::getenv("XAR_OTHER") == nullptr;
        ::_exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace xar::base
