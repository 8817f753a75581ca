// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <span>
#include <string_view>

#include "xar/base/bytes.hpp"
#include "xar/base/fd_socket.hpp"
#include "xar/base/file.hpp"

namespace xar::base {
namespace {

TEST(FdSocket, PassesADescriptorAndWhatIsBesideIt) {
  SocketPair sockets = make_sockets();
  {
    const Fd file = open_file("/proc/version", O_RDONLY);
    ASSERT_TRUE(send_fd(sockets.ours.get(), file.get(), as_bytes("four")));
  }
  std::array<std::byte, 4> beside{};
  const Fd got = receive_fd(sockets.theirs.get(), beside);
  ASSERT_TRUE(got);
  EXPECT_EQ(std::memcmp(beside.data(), "four", beside.size()), 0);
  EXPECT_NE(::fcntl(got.get(), F_GETFD) & FD_CLOEXEC, 0);
  std::array<char, 5> text{};
  ASSERT_EQ(::read(got.get(), text.data(), text.size()), 5);
  EXPECT_EQ(std::string_view(text.data(), text.size()), "Linux");
}

TEST(FdSocket, TellsThatTheOtherSideIsGone) {
  SocketPair sockets = make_sockets();
  sockets.theirs.reset();
  EXPECT_FALSE(send_fd(sockets.ours.get(), 0, as_bytes("x")));

  sockets = make_sockets();
  sockets.ours.reset();
  std::array<std::byte, 1> beside{};
  EXPECT_FALSE(receive_fd(sockets.theirs.get(), beside));
}

TEST(FdSocket, TakesNothingThatIsNotWhole) {
  const SocketPair sockets = make_sockets();
  ASSERT_TRUE(send_fd(sockets.ours.get(), 0, as_bytes("four")));
  std::array<std::byte, 8> beside{};
  EXPECT_FALSE(receive_fd(sockets.theirs.get(), beside));
  ASSERT_EQ(::write(sockets.ours.get(), "plain", 5), 5);
  std::array<std::byte, 5> plain{};
  EXPECT_FALSE(receive_fd(sockets.theirs.get(), plain));
}

}  // namespace
}  // namespace xar::base
