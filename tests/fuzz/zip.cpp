// SPDX-License-Identifier: BSD-2-Clause
// Zip files that Python applications are made of: wheels, PEX files, zipapps. They are
// read by Python; a child process does, which counts the lines that it has run where
// libFuzzer looks for more counters than its own.
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "fuzz/support.hpp"
#include "xar/base/file.hpp"

namespace {

using namespace xar;

constexpr std::size_t kCounters = 4096;

#if defined(__clang__)
__attribute__((section("__libfuzzer_extra_counters"), used))
#endif
std::uint8_t counters[kCounters];

class Reader {
 public:
  Reader() : shared_(::memfd_create("counters", 0)) {
    fuzz::require(shared_ && ::ftruncate(shared_.get(), kCounters) == 0, "no memory");
    memory_ = static_cast<std::uint8_t*>(
        ::mmap(nullptr, kCounters, PROT_READ | PROT_WRITE, MAP_SHARED, shared_.get(), 0));
    fuzz::require(memory_ != MAP_FAILED, "no memory");
    std::array<int, 2> ends{};
    fuzz::require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0,
                  "no socket");
    ours_.reset(ends[0]);
    const base::Fd theirs(ends[1]);
    child_ = ::fork();
    fuzz::require(child_ >= 0, "no process");
    if (child_ == 0) run(theirs.get());
  }

  // The child ends with its input.
  ~Reader() {
    ours_.reset();
    ::waitpid(child_, nullptr, 0);
    ::munmap(memory_, kCounters);
  }

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::string request(sizeof size, '\0');
    std::memcpy(request.data(), &size, sizeof size);
    request += text;
    for (std::string_view rest = request; !rest.empty();) {
      // libFuzzer has a timer, which interrupts.
      const ssize_t sent =
          TEMP_FAILURE_RETRY(::send(ours_.get(), rest.data(), rest.size(), MSG_NOSIGNAL));
      fuzz::require(sent > 0, "the reader takes its input");
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    char answer = 0;
    fuzz::require(
        TEMP_FAILURE_RETRY(::read(ours_.get(), &answer, 1)) == 1 && answer == 'y',
        "zip files are read or refused");
    std::copy_n(memory_, kCounters, counters);
    std::memset(memory_, 0, kCounters);
  }

 private:
  [[noreturn]] void run(int input) const {
    ::dup2(input, STDIN_FILENO);
    const std::string counters_fd = std::to_string(shared_.get());
    ::unsetenv("LD_PRELOAD");
    ::execlp("python3", "python3", "-I", XAR_FUZZ_ZIP_READER, XAR_FUZZ_PYTHON_SOURCES,
             counters_fd.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }

  base::Fd shared_;
  base::Fd ours_;
  std::uint8_t* memory_ = nullptr;
  pid_t child_ = -1;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Reader reader;
  reader.read(fuzz::as_text(data, size));
  return 0;
}
