// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/standalone.hpp"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/elf.hpp"

namespace xar::xarexec {
namespace {

// In the file's front, and in a segment of its own that is loaded with the program.
// What is written there later must be read from there: hence volatile.
alignas(4) __attribute__((section(".note.xar"), used)) constexpr elf::Note kNote;

bool carries_archive() {
  return static_cast<const volatile elf::Note&>(kNote).position != 0;
}

bool is_called_launcher(const char* word) {
  std::string_view name = word == nullptr ? "" : word;
  name.remove_prefix(name.rfind('/') + 1);
  return name == "xarexec" || name == "xarexec_fuse";
}

// What may name the executed file, the best first: the path that was executed, as the
// kernel tells it, and the first word. Where this program is the interpreter of a script,
// the former is the script, and the latter is this program's path.
std::array<const char*, 2> possible_names(const char* first_word) {
  const auto* told = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  return {told == nullptr ? "" : told, first_word == nullptr ? "" : first_word};
}

// Whether the name is a path that leads to the same file later. Names of descriptors do
// not once these are closed.
bool is_path(std::string_view name) {
  return !name.empty() && !name.starts_with("/dev/fd/") && !name.starts_with("/proc/");
}

bool is_same_file(const char* path, int fd) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(path, &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

// The path of the executed file, open as `fd`, as whoever executed it has written it,
// else as the kernel knows it. A file that no path leads to is called by the first word.
std::string path_of_executed(int fd, const char* first_word) {
  const auto names = possible_names(first_word);
  // The kernel tells a script's path and puts its interpreter's in front of the words:
  // the two are the same for no script. That spares the system calls.
  if (is_path(names[0]) && std::strcmp(names[0], names[1]) == 0) return names[0];
  for (const char* name : names) {
    if (is_path(name) && is_same_file(name, fd)) return name;
  }
  const std::string real = base::path_of(fd);
  return is_same_file(real.c_str(), fd) || *names[1] == '\0' ? real : names[1];
}

bool is_program(int fd) {
  std::array<std::byte, elf::kFrontSize> front{};
  const ssize_t size = ::pread(fd, front.data(), front.size(), 0);
  return size > 0 &&
         elf::is_elf(base::ByteView(front).first(static_cast<std::size_t>(size)));
}

// Where /proc is not mounted. A name can be a script's, of which this program is the
// interpreter.
Executed open_by_name(const char* first_word) {
  int error = ENOENT;
  for (const char* name : possible_names(first_word)) {
    if (!is_path(name)) continue;
    base::Fd fd(::open(name, O_RDONLY | O_CLOEXEC));
    if (!fd) {
      error = errno;
    } else if (is_program(fd.get())) {
      return {base::above_standard_streams(std::move(fd)), name};
    }
  }
  if (error != ENOENT) throw base::SystemError(error, "cannot open", first_word);
  throw base::Error("cannot tell which file this is", "/proc/self/exe",
                    "mount /proc, or execute the file by its path");
}

Executed open_executed(const char* first_word) {
  base::Fd fd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!fd) return open_by_name(first_word);
  fd = base::above_standard_streams(std::move(fd));
  std::string path = path_of_executed(fd.get(), first_word);
  return {std::move(fd), std::move(path)};
}

}  // namespace

std::optional<Launch> own_launch(char** argv, Executed& executed) {
  if (!carries_archive() || is_called_launcher(*argv)) return std::nullopt;
  executed = open_executed(*argv);
  Launch launch;
  launch.file = executed.path.c_str();
  launch.arguments = *argv == nullptr ? argv : argv + 1;
  launch.executed = &executed.fd;
  return launch;
}

}  // namespace xar::xarexec
