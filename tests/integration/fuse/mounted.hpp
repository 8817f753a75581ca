// SPDX-License-Identifier: BSD-2-Clause
// An image really mounted for a test, without the module mount: what is tested is the
// server alone.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "xar/base/file.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::test {

inline constexpr unsigned long kReadOnly = MS_RDONLY | MS_NOSUID | MS_NODEV;

// Mounts an image and serves it in a child process; the destructor unmounts and
// reaps, also where the test has failed. The test must have no threads when it
// makes one.
class Mounted {
 public:
  Mounted(const std::filesystem::path& image, std::filesystem::path where,
          fuse::Options options = {}, unsigned long flags = kReadOnly)
      : where_(std::move(where)) {
    std::filesystem::create_directory(where_);
    activity_ = new (share()) fuse::Activity;
    base::Fd device = base::open_file("/dev/fuse", O_RDWR);
    const std::string data =
        "fd=" + std::to_string(device.get()) +
        ",rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other";
    if (::mount("xar", where_.c_str(), "fuse.squashfuse_ll", flags, data.c_str()) != 0) {
      throw std::runtime_error("cannot mount");
    }
    server_ = ::fork();
    if (server_ == 0) ::_exit(serve(image, std::move(device), options));
  }

  ~Mounted() {
    ::umount2(where_.c_str(), MNT_DETACH);
    if (!ended()) ::kill(server_, SIGKILL);
    if (!status_) ::waitpid(server_, nullptr, 0);
    ::munmap(activity_, sizeof *activity_);
  }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return where_; }

  // Waits until the server has all its threads: it is alone while who has waited for the
  // mount asks.
  void settle() const {
    ASSERT_TRUE(std::filesystem::exists(where_));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  // How many requests the server has had.
  [[nodiscard]] std::uint64_t requests() const { return activity_->requests; }

  // How many bytes the server has read, from the image and of requests.
  [[nodiscard]] std::uint64_t bytes_read() const {
    std::ifstream file("/proc/" + std::to_string(server_) + "/io");
    std::string name;
    std::uint64_t bytes = 0;
    file >> name >> bytes;
    if (name != "rchar:") throw std::runtime_error("cannot see what the server reads");
    return bytes;
  }

  // Unmounts as an idle server would: only if nobody uses the mount.
  [[nodiscard]] bool unmount() const { return ::umount2(where_.c_str(), 0) == 0; }

  // The server's exit status, once it has ended; waits ten seconds for that.
  std::optional<int> ended() {
    for (int i = 0; i < 1000 && !status_; ++i) {
      int status = 0;
      if (::waitpid(server_, &status, WNOHANG) == server_) status_ = status;
      if (!status_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return status_;
  }

  // Whether the server is still there.
  [[nodiscard]] bool serving() {
    int status = 0;
    if (!status_ && ::waitpid(server_, &status, WNOHANG) == server_) status_ = status;
    return !status_;
  }

 private:
  static void* share() {
    void* memory = ::mmap(nullptr, sizeof(fuse::Activity), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("cannot map memory");
    return memory;
  }

  int serve(const std::filesystem::path& path, base::Fd device,
            const fuse::Options& options) noexcept {
    try {
      auto image = image::Image::open(base::open_file(path, O_RDONLY), 0, path);
      fuse::Server(image, options, *activity_).serve(std::move(device));
      return 0;
    } catch (const std::exception&) {
      return 1;
    }
  }

  std::filesystem::path where_;
  fuse::Activity* activity_ = nullptr;  // shared with the server
  pid_t server_ = -1;
  std::optional<int> status_;
};

}  // namespace xar::test
