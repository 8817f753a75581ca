// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/fd_socket.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::base {
namespace {

// A message with room for one descriptor.
class Message {
 public:
  explicit Message(std::span<std::byte> beside) : data_{beside.data(), beside.size()} {
    header_.msg_iov = &data_;
    header_.msg_iovlen = 1;
    header_.msg_control = control_;
    header_.msg_controllen = sizeof control_;
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  msghdr* get() { return &header_; }

  void put(int fd) {
    cmsghdr* const part = CMSG_FIRSTHDR(&header_);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(part), &fd, sizeof fd);
  }

  Fd take() {
    const cmsghdr* const part = CMSG_FIRSTHDR(&header_);
    if (part == nullptr || part->cmsg_type != SCM_RIGHTS) return Fd();
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(part), sizeof fd);
    return above_standard_streams(Fd(fd));
  }

 private:
  iovec data_;
  alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))] = {};
  msghdr header_{};
};

}  // namespace

SocketPair make_sockets() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw_errno("cannot make", "a pair of sockets");
  }
  Fd first(ends[0]);
  Fd second(ends[1]);
  return {above_standard_streams(std::move(first)),
          above_standard_streams(std::move(second))};
}

bool send_fd(int socket, int fd, ByteView beside) {
  // sendmsg(2) only reads what the message, which serves both ways, points to.
  Message message({const_cast<std::byte*>(beside.data()), beside.size()});
  message.put(fd);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, message.get(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(beside.size());
}

Fd receive_fd(int socket, std::span<std::byte> beside) {
  Message message(beside);
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, message.get(), MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return Fd();
  Fd fd = message.take();
  return got == static_cast<ssize_t>(beside.size()) ? std::move(fd) : Fd();
}

}  // namespace xar::base
