// SPDX-License-Identifier: BSD-2-Clause
// Files: whole reads and writes in spite of signals and short transfers, and
// output that appears complete or not at all.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"

namespace xar::base {

// Returns another descriptor of the open file `fd`, which the caller keeps: not a
// standard stream, close-on-exec. Throws SystemError, naming the file `name`.
Fd duplicate(int fd, const std::filesystem::path& name);

// `fd` under a number above those of the standard streams, still close-on-exec:
// a caller that closed one of them must not get one of our files in its place.
Fd above_standard_streams(Fd fd);

// As open(2), for paths of any length: one that is too long for a system call is followed
// in pieces. Owns nothing on failure, with errno set.
Fd open_path(const std::filesystem::path& path, int flags, mode_t mode = 0);

// Opens `path`, of any length, with O_CLOEXEC added to `flags`, above the standard
// streams. Throws SystemError.
Fd open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);

// Reads up to out.size() bytes at `offset` and returns how many there were:
// fewer only at the end of the file. `name` is for the error message. Throws
// SystemError.
std::size_t read_at(int fd, std::uint64_t offset, std::span<std::byte> out,
                    const std::filesystem::path& name);

// Writes all of `bytes` at `offset`. Throws SystemError.
void write_at(int fd, std::uint64_t offset, ByteView bytes,
              const std::filesystem::path& name);

// Writes all of `bytes` where `fd` stands, which may be a pipe. `name` is for the error
// message. Throws SystemError.
void write_all(int fd, ByteView bytes, const std::filesystem::path& name);

// The path of the open file `fd` as the kernel knows it, without symlinks. The caller
// need not be able to search the directories on it. A file that has been removed
// has " (deleted)" behind its last path. Empty where the kernel cannot tell: the file
// never had a path, the path is longer than PATH_MAX, or /proc is not mounted.
std::filesystem::path path_of(int fd);

// As std::filesystem::canonical, which would add 10 KB to the launcher: the path of the
// file `path` without symlinks. Empty, with `failed` set, where that is not to be found.
std::filesystem::path canonical_path(const std::filesystem::path& path,
                                     std::error_code& failed);

// The path of the file `path`, which must exist, without symlinks where that can be
// known. Other than std::filesystem::canonical, it works below directories that the
// caller may not search, and in a removed working directory. Throws SystemError if there
// is no such file.
std::filesystem::path real_path(const std::filesystem::path& path);

// Makes the directory `path` unless it is there. Throws SystemError.
void ensure_directory(const std::filesystem::path& path);

// Calls `visit` with each name in the directory `folder`, "." and ".." aside, but with no
// more than `limit` of them. Returns 0, or the errno with which reading failed, which
// ends it.
int for_each_name(const std::filesystem::path& folder,
                  const std::function<void(const char*)>& visit,
                  std::size_t limit = std::numeric_limits<std::size_t>::max());

// The whole content of a small file, which may be a pipe, at most `limit` bytes of it.
// Throws SystemError.
std::string read_text(const std::filesystem::path& path, std::size_t limit);

// A file under construction. It gets its name by commit(); until then it is
// invisible or, where the file system has no O_TMPFILE, a hidden file beside
// its destination, and the destructor removes it.
class AtomicFile {
 public:
  // Begins a file that is to become `path`, in the same folder. Throws
  // SystemError.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // The descriptor to write and read through; stays owned here.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  // Gives the file permissions `mode` (the caller applies the umask) and its
  // name, replacing what stood there, in one step. Throws SystemError; the
  // destination is then as it was.
  void commit(mode_t mode);

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty while the file has no name
  Fd fd_;
};

// Whether a file of that name may be left by an AtomicFile that was to become `finished`,
// in the same folder, and was killed.
bool is_temporary_name(std::string_view name, std::string_view finished);

// The process's umask, read without changing it for other threads where
// /proc is mounted.
mode_t current_umask();

}  // namespace xar::base
