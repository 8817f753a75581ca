// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/lock_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {
namespace {

// One line, of this, a number in hex and the identity.
constexpr const char* kFormat = "xar-mount %llx %.128s\n";
constexpr std::size_t kMaxContent = 256;

// Behind the content: the number of the file system whose path somebody has been given.
// It is of use to the server of that number only.
constexpr off_t kPathGivenAt = kMaxContent;

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

std::optional<LockFileContent> parse_lock_file(std::string_view text,
                                               std::optional<pid_t> server) {
  constexpr std::string_view kFront = "xar-mount ";
  constexpr std::size_t kMaxIdentity = 128;
  if (!text.starts_with(kFront)) return std::nullopt;
  text.remove_prefix(kFront.size());
  std::uint64_t device = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, device, 16);
  if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != ' ') {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()) + 1);
  text = text.substr(0, std::min(text.find('\n'), kMaxIdentity));
  if (text.empty()) return std::nullopt;
  return LockFileContent{std::string(text), device, server};
}

Archive identify(const std::filesystem::path& path, int fd,
                 const header::Header& header) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) base::throw_errno("cannot examine", path);
  // Nobody can set the time of change, so that a file written to is another.
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), "%llx-%llx-%llx-%llx.%lx-%llx.%lx-%llx",
                static_cast<unsigned long long>(status.st_dev),
                static_cast<unsigned long long>(status.st_ino),
                static_cast<unsigned long long>(status.st_size),
                static_cast<unsigned long long>(status.st_mtim.tv_sec),
                static_cast<unsigned long>(status.st_mtim.tv_nsec),
                static_cast<unsigned long long>(status.st_ctim.tv_sec),
                static_cast<unsigned long>(status.st_ctim.tv_nsec),
                static_cast<unsigned long long>(header.offset));
  return {path, fd, header.offset, text.data(), header.image_sha256};
}

std::optional<pid_t> server_of(int fd) {
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  // A holder in a process namespace that is not seen from here has no number.
  return lock.l_pid > 0 ? lock.l_pid : 0;
}

std::optional<LockFileContent> read_lock_file(const UserFolder& folder,
                                              const MountSlot& slot) {
  const base::Fd fd = folder.open_file(slot.lock_name(), O_RDONLY);
  if (!fd) return std::nullopt;
  ::futimens(fd.get(), nullptr);
  std::array<char, kMaxContent> text{};
  if (::pread(fd.get(), text.data(), text.size() - 1, 0) <= 0) return std::nullopt;
  return parse_lock_file(text.data(), server_of(fd.get()));
}

// The rest of a longer line stays behind the end of a shorter one, where it is not read.
// Not truncated: on ext4, closing a truncated file waits for writeback.
void write_lock_file(int lock_file, const LockFileContent& content) {
  std::array<char, kMaxContent> text{};
  const int size = std::snprintf(text.data(), text.size(), kFormat,
                                 static_cast<unsigned long long>(content.device),
                                 content.identity.c_str());
  try {
    base::write_at(lock_file, 0,
                   base::as_bytes({text.data(), static_cast<std::size_t>(size)}),
                   "the lock file");
  } catch (const base::SystemError& error) {
    if (error.number() != EFBIG) throw;
    throw base::Error("cannot write", "the lock file",
                      "files may not be so large: see ulimit -f");
  }
}

void note_path_given(const std::filesystem::path& directory, int root) {
  const std::filesystem::path lock =
      directory.parent_path() / ("lockfile." + directory.filename().native());
  const base::Fd fd(::open(lock.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_uid != ::geteuid()) {
    return;
  }
  const std::uint64_t device = device_of(root);
  static_cast<void>(::pwrite(fd.get(), &device, sizeof device, kPathGivenAt));
}

bool is_path_given(int fd, std::uint64_t device) {
  std::uint64_t given = 0;
  return ::pread(fd, &given, sizeof given, kPathGivenAt) == sizeof given &&
         given == device;
}

LeaseLock::LeaseLock(const UserFolder& folder, const MountSlot& slot)
    : fd_(folder.open_file(slot.lock_name(), O_RDWR)) {
  if (!fd_) base::throw_errno("cannot open", slot.user_folder / slot.lock_name());
}

bool LeaseLock::try_acquire() const {
  struct flock lock = whole_file(F_WRLCK);
  return ::fcntl(fd_.get(), F_SETLK, &lock) == 0;
}

void LeaseLock::release() const {
  struct flock lock = whole_file(F_UNLCK);
  ::fcntl(fd_.get(), F_SETLK, &lock);
}

}  // namespace xar::mount
