// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "xar/base/error.hpp"

namespace xar::base {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// How the name of a file begins that is to become `finished`.
std::string temporary_prefix(std::string_view finished) {
  return "." + std::string(finished) + ".xar-";
}

// "folder/.name.xar-XXXXXX", for mkostemp and its like.
std::string hidden_template(const std::filesystem::path& path) {
  return folder_of(path) / (temporary_prefix(path.filename().native()) + "XXXXXX");
}

std::filesystem::path proc_path(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

// Links the unnamed file `fd` under a fresh hidden name beside `path`: a link
// cannot replace a file, a rename can.
std::filesystem::path name_unnamed(int fd, const std::filesystem::path& path) {
  for (unsigned attempt = 0; attempt < 100; ++attempt) {
    std::filesystem::path name =
        folder_of(path) / (temporary_prefix(path.filename().native()) +
                           std::to_string(::getpid()) + "-" + std::to_string(attempt));
    if (::linkat(AT_FDCWD, proc_path(fd).c_str(), AT_FDCWD, name.c_str(),
                 AT_SYMLINK_FOLLOW) == 0) {
      return name;
    }
    if (errno != EEXIST) break;
  }
  throw_errno("cannot name the finished file", path);
}

// Reads from where `fd` stands until `out` is full or the file ends.
std::size_t read_next(int fd, std::span<std::byte> out,
                      const std::filesystem::path& name) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::read(fd, out.data() + done, out.size() - done);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("cannot read", name);
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace

Fd duplicate(int fd, const std::filesystem::path& name) {
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!copy) throw_errno("cannot duplicate the descriptor of", name);
  return copy;
}

Fd above_standard_streams(Fd fd) {
  if (!fd || fd.get() > 2) return fd;
  return duplicate(fd.get(), "a standard stream");
}

Fd open_path(const std::filesystem::path& path, int flags, mode_t mode) {
  std::string_view rest = path.native();
  Fd at;
  while (rest.size() >= PATH_MAX) {
    // Up to the last slash that is short enough, which is also the first where one name
    // is longer than any can be.
    const std::size_t slash = rest.rfind('/', PATH_MAX - 2);
    if (slash == rest.npos) break;
    const std::string piece(rest.substr(0, slash + 1));
    at.reset(::openat(at ? at.get() : AT_FDCWD, piece.c_str(),
                      O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!at) return at;
    rest.remove_prefix(std::min(rest.find_first_not_of('/', slash), rest.size()));
  }
  const std::string last(rest);
  return Fd(::openat(at ? at.get() : AT_FDCWD, last.c_str(), flags, mode));
}

Fd open_file(const std::filesystem::path& path, int flags, mode_t mode) {
  for (;;) {
    Fd fd = open_path(path, flags | O_CLOEXEC, mode);
    if (fd) return above_standard_streams(std::move(fd));
    if (errno != EINTR) throw_errno("cannot open", path);
  }
}

std::size_t read_at(int fd, std::uint64_t offset, std::span<std::byte> out,
                    const std::filesystem::path& name) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(fd, out.data() + done, out.size() - done,
                                static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot read", name);
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void write_at(int fd, std::uint64_t offset, ByteView bytes,
              const std::filesystem::path& name) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot write", name);
    }
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void write_all(int fd, ByteView bytes, const std::filesystem::path& name) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_errno("cannot write to", name);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

std::filesystem::path path_of(int fd) {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink(proc_path(fd).c_str(), path.data(), path.size());
  if (size <= 0 || path.front() != '/') return {};
  return std::string(path.data(), static_cast<std::size_t>(size));
}

std::filesystem::path canonical_path(const std::filesystem::path& path,
                                     std::error_code& failed) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr),
                                                    ::free);
  if (real) {
    failed.clear();
    return real.get();
  }
  failed.assign(errno, std::generic_category());
  return {};
}

std::filesystem::path real_path(const std::filesystem::path& path) {
  const Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!fd) throw_errno("cannot open", path);
  if (auto real = path_of(fd.get()); !real.empty()) return real;
  std::error_code failed;
  auto real = canonical_path(path, failed);
  if (!failed) return real;
  real = std::filesystem::absolute(path, failed).lexically_normal();
  return failed ? path : real;
}

void ensure_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    throw_errno("cannot create", path);
  }
}

int for_each_name(const std::filesystem::path& folder,
                  const std::function<void(const char*)>& visit, std::size_t limit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()),
                                                      ::closedir);
  if (!directory) return errno;
  while (limit > 0) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) return errno;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    --limit;
    visit(entry->d_name);
  }
  return 0;
}

std::string read_text(const std::filesystem::path& path, std::size_t limit) {
  const Fd fd = open_file(path, O_RDONLY);
  // Most texts are far shorter than the limit, and unused memory costs a launch its time.
  constexpr std::size_t kFirstStep = 1024;
  std::string text;
  for (std::size_t end = std::min(limit, kFirstStep);; end = std::min(limit, 2 * end)) {
    const std::size_t done = text.size();
    text.resize(end);
    const auto out = std::as_writable_bytes(std::span(text).subspan(done));
    text.resize(done + read_next(fd.get(), out, path));
    if (text.size() < end || end == limit) return text;
  }
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  // Linking an unnamed file needs /proc; a chroot may not have it.
  if (::access("/proc/self/fd", X_OK) == 0) {
    fd_.reset(::open(folder_of(path_).c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  }
  if (fd_) return;
  std::string name = hidden_template(path_);
  fd_.reset(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd_) throw_errno("cannot create a file in", folder_of(path_));
  temporary_ = name;
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::commit(mode_t mode) {
  if (::fchmod(fd_.get(), mode) != 0) throw_errno("cannot set the permissions of", path_);
  if (temporary_.empty()) temporary_ = name_unnamed(fd_.get(), path_);
  // Some file systems report a full disk only here.
  if (::close(fd_.release()) != 0) throw_errno("cannot write", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw_errno("cannot rename the finished file to", path_);
  }
  temporary_.clear();
}

bool is_temporary_name(std::string_view name, std::string_view finished) {
  return name.starts_with(temporary_prefix(finished));
}

mode_t current_umask() {
  const Fd fd(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  if (fd) {
    char text[4096];
    const ssize_t size = ::read(fd.get(), text, sizeof text);
    const std::string_view status(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    constexpr std::string_view kKey = "\nUmask:\t";
    if (const auto at = status.find(kKey); at != status.npos) {
      const std::string_view digits = status.substr(at + kKey.size());
      unsigned mask = 0;
      const auto parsed =
          std::from_chars(digits.data(), digits.data() + digits.size(), mask, 8);
      if (parsed.ec == std::errc()) return static_cast<mode_t>(mask);
    }
  }
  const mode_t mask = ::umask(022);
  ::umask(mask);
  return mask;
}

}  // namespace xar::base
