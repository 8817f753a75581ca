// SPDX-License-Identifier: BSD-2-Clause
#include "support/ordinary_user.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

namespace xar::test {

int as_nobody(const std::filesystem::path& folder, const std::function<void()>& body) {
  EXPECT_EQ(::chown(folder.c_str(), kNobody, kNobody), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0)
      ::_exit(1);
    try {
      body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      ::_exit(2);
    }
    ::_exit(testing::Test::HasFailure() ? 3 : 0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace xar::test
