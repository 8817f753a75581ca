// SPDX-License-Identifier: BSD-2-Clause
// The reader of the mount's benchmark: reads as programs do and prints the seconds that
// took, so that no start of a process is measured along.
#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kChunk = 128 * 1024;
constexpr std::size_t kPage = 4096;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int open_or_die(int directory, const char* name, int flags) {
  const int fd = ::openat(directory, name, flags | O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(name);
  return fd;
}

void read_to_end(int fd, std::vector<char>& buffer) {
  ssize_t got = 0;
  while ((got = ::read(fd, buffer.data(), buffer.size())) > 0) {
  }
  if (got < 0) die("read");
}

// Opens, reads and closes every file below an open directory, which it takes over; lists
// a directory before it goes on, as fts(3) and os.walk do.
void read_tree(int fd, std::vector<char>& buffer) {
  DIR* directory = ::fdopendir(fd);
  if (directory == nullptr) die("fdopendir");
  std::vector<std::string> files;
  std::vector<std::string> below;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (entry->d_type == DT_DIR && name != "." && name != "..") below.emplace_back(name);
    if (entry->d_type == DT_REG) files.emplace_back(name);
  }
  for (const std::string& name : files) {
    const int file = open_or_die(fd, name.c_str(), 0);
    read_to_end(file, buffer);
    ::close(file);
  }
  for (const std::string& name : below) {
    read_tree(open_or_die(fd, name.c_str(), O_DIRECTORY), buffer);
  }
  ::closedir(directory);
}

// Reads one of `parts` equal parts of a file, in order.
void read_part(const char* path, unsigned part, unsigned parts) {
  const int fd = open_or_die(AT_FDCWD, path, 0);
  const off_t size = ::lseek(fd, 0, SEEK_END);
  const off_t end = size / parts * (part + 1);
  std::vector<char> buffer(kChunk);
  for (off_t at = size / parts * part; at < end;) {
    const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), at);
    if (got <= 0) die(path);
    at += got;
  }
  ::close(fd);
}

// The same, every part by a process of its own.
void read_parts(const char* path, unsigned parts) {
  for (unsigned part = 1; part < parts; ++part) {
    if (::fork() == 0) {
      read_part(path, part, parts);
      ::_exit(0);
    }
  }
  read_part(path, 0, parts);
  for (int status = 0; ::wait(&status) > 0;) {
    if (status != 0) std::exit(1);
  }
}

void read_at_random(const char* path, unsigned count) {
  const int fd = open_or_die(AT_FDCWD, path, 0);
  const auto pages = static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_END)) / kPage;
  std::minstd_rand random(1);
  std::vector<char> buffer(kPage);
  for (unsigned i = 0; i < count; ++i) {
    const auto at = static_cast<off_t>(random() % pages * kPage);
    if (::pread(fd, buffer.data(), kPage, at) != static_cast<ssize_t>(kPage)) die(path);
  }
  ::close(fd);
}

}  // namespace

// read_files tree DIR | parts FILE COUNT | random FILE COUNT
int main(int argc, char** argv) {
  const std::string_view how = argc > 2 ? argv[1] : "";
  const unsigned count = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 0;
  const auto begin = std::chrono::steady_clock::now();
  if (how == "tree") {
    std::vector<char> buffer(kChunk);
    read_tree(open_or_die(AT_FDCWD, argv[2], O_DIRECTORY), buffer);
  } else if (how == "parts" && count > 0) {
    read_parts(argv[2], count);
  } else if (how == "random" && count > 0) {
    read_at_random(argv[2], count);
  } else {
    std::fputs("usage: read_files tree DIR | parts FILE COUNT | random FILE COUNT\n",
               stderr);
    return 2;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.6f\n", took.count());
}
