// SPDX-License-Identifier: BSD-2-Clause
#include "support/child.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace xar::test {
namespace {

// The exit status of a child that has run `body`.
int status_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
  return testing::Test::HasFailure() ? 3 : 0;
}

}  // namespace

int in_child(const std::function<void()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(status_of(body));
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

WaitingChild::WaitingChild(const std::function<void()>& body) {
  std::array<int, 2> ready{};
  if (::pipe(ready.data()) != 0) throw std::runtime_error("cannot make a pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(ready[0]);
    if (const int status = status_of(body); status != 0) ::_exit(status);
    const bool told = ::write(ready[1], "x", 1) == 1;
    while (told) ::pause();
    ::_exit(1);
  }
  ::close(ready[1]);
  char byte = 0;
  const bool is_ready = pid_ > 0 && ::read(ready[0], &byte, 1) == 1;
  ::close(ready[0]);
  if (is_ready) return;
  end();
  throw std::runtime_error("a child has failed");
}

void WaitingChild::end() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace xar::test
