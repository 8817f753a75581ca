// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/content_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"

namespace xar::squashfs {
namespace {

// Content made by us.
class MadeContent : public ContentReader {
 public:
  explicit MadeContent(const std::string& content) : rest_(content) {}

  std::uint64_t hole(std::uint64_t) override { return 0; }
  void skip(std::uint64_t size) override { rest_.remove_prefix(size); }
  void read(std::size_t size, base::Bytes& out) override {
    base::append(out, base::as_bytes(rest_.substr(0, size)));
    rest_.remove_prefix(size);
  }
  void finish() override {}

 private:
  std::string_view rest_;
};

// Where a file has data and where holes, as far as its file system tells.
class Extents {
 public:
  // `fd` is borrowed. What is at or behind `end` does not count.
  Extents(int fd, std::uint64_t end) : fd_(fd), end_(end) {}

  // How many bytes from `position` on are a hole.
  std::uint64_t hole_at(std::uint64_t position) {
    if (position >= data_end_) locate(position);
    return position < data_ ? data_ - position : 0;
  }

 private:
  // Asks the file system where data begins and ends from the position on.
  void locate(std::uint64_t position) {
    data_ = position;
    data_end_ = end_;
    const off_t data = ::lseek(fd_, static_cast<off_t>(position), SEEK_DATA);
    if (data < 0) {
      // ENXIO: nothing but a hole up to the end. Otherwise it cannot be known.
      if (errno == ENXIO) data_ = end_;
      return;
    }
    data_ = std::min(static_cast<std::uint64_t>(data), end_);
    const off_t end = ::lseek(fd_, data, SEEK_HOLE);
    if (end > data) data_end_ = std::min(static_cast<std::uint64_t>(end), end_);
  }

  int fd_;
  std::uint64_t end_;
  // The extent of data at or behind the position when it was last asked for.
  std::uint64_t data_ = 0;
  std::uint64_t data_end_ = 0;
};

// Smaller files are read faster than their holes are asked about.
constexpr std::uint64_t kWorthAsking = 1 << 20;

// A part of a file, read from its beginning on.
class Range {
 public:
  Range() = default;
  // `fd` is borrowed.
  Range(int fd, std::uint64_t offset, std::uint64_t size)
      : fd_(fd), size_(size), position_(offset), extents_(fd, offset + size) {}

  // How many bytes from here on are a hole, at most `limit`.
  std::uint64_t hole(std::uint64_t limit) {
    return size_ < kWorthAsking ? 0 : std::min(extents_.hole_at(position_), limit);
  }

  void skip(std::uint64_t size) { position_ += size; }

  // Appends the next `size` bytes to `out`; false where the file ends before. `name` is
  // for errors.
  bool read(std::size_t size, base::Bytes& out, const std::filesystem::path& name) {
    const std::size_t before = out.size();
    out.resize(before + size);
    const auto got = base::read_at(fd_, position_, std::span(out).subspan(before), name);
    position_ += size;
    return got == size;
  }

 private:
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  Extents extents_{-1, 0};
};

class DiskContent : public ContentReader {
 public:
  explicit DiskContent(const tree::DiskFile& file) : file_(file) {
    // O_NONBLOCK: a FIFO put in the file's place must not stop the build.
    constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    fd_ = base::open_path(file.path, kFlags);
    // Gone, or a symlink now.
    if (!fd_ && (errno == ENOENT || errno == ELOOP)) throw_changed();
    if (!fd_) base::throw_errno("cannot read", file.path);
    require_unchanged();
    range_ = Range(fd_.get(), 0, file_.size);
  }

  std::uint64_t hole(std::uint64_t limit) override { return range_.hole(limit); }
  void skip(std::uint64_t size) override { range_.skip(size); }
  void read(std::size_t size, base::Bytes& out) override {
    if (!range_.read(size, out, file_.path)) throw_changed();
  }

  void finish() override { require_unchanged(); }

 private:
  void require_unchanged() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) base::throw_errno("cannot examine", file_.path);
    const bool same = S_ISREG(status.st_mode) &&
                      static_cast<std::uint64_t>(status.st_size) == file_.size &&
                      status.st_mtim.tv_sec == file_.mtime_seconds &&
                      status.st_mtim.tv_nsec == file_.mtime_nanoseconds;
    if (!same) throw_changed();
  }

  [[noreturn]] void throw_changed() const {
    throw base::Error("changed while it was packed", file_.path,
                      "build again when nothing writes to it");
  }

  const tree::DiskFile& file_;
  base::Fd fd_;
  Range range_;
};

class PartContent : public ContentReader {
 public:
  explicit PartContent(const tree::Part& part)
      : range_(part.file->get(), part.offset, part.size) {}

  std::uint64_t hole(std::uint64_t limit) override { return range_.hole(limit); }
  void skip(std::uint64_t size) override { range_.skip(size); }
  void read(std::size_t size, base::Bytes& out) override {
    if (!range_.read(size, out, kName)) {
      throw base::Error("cut short", kName, "build again");
    }
  }

  // Nobody else has the file.
  void finish() override {}

 private:
  static constexpr const char* kName = "the temporary file";

  Range range_;
};

}  // namespace

std::unique_ptr<ContentReader> ContentReader::open(const tree::Content& content) {
  if (const auto* made = std::get_if<std::string>(&content)) {
    return std::make_unique<MadeContent>(*made);
  }
  if (const auto* part = std::get_if<tree::Part>(&content)) {
    return std::make_unique<PartContent>(*part);
  }
  return std::make_unique<DiskContent>(std::get<tree::DiskFile>(content));
}

}  // namespace xar::squashfs
