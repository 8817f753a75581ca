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
  }

  std::uint64_t hole(std::uint64_t limit) override {
    // Smaller files are read faster than asked about.
    if (file_.size < kWorthAsking) return 0;
    if (position_ >= data_end_) locate_data();
    return position_ < data_ ? std::min(data_ - position_, limit) : 0;
  }

  void skip(std::uint64_t size) override { position_ += size; }

  void read(std::size_t size, base::Bytes& out) override {
    const std::size_t before = out.size();
    out.resize(before + size);
    const auto got =
        base::read_at(fd_.get(), position_, std::span(out).subspan(before), file_.path);
    if (got != size) throw_changed();
    position_ += size;
  }

  void finish() override { require_unchanged(); }

 private:
  static constexpr std::uint64_t kWorthAsking = 1 << 20;

  // Asks the file system where data begins and ends from the current position on.
  void locate_data() {
    data_ = position_;
    data_end_ = file_.size;
    const off_t data = ::lseek(fd_.get(), static_cast<off_t>(position_), SEEK_DATA);
    if (data < 0) {
      // ENXIO: nothing but a hole up to the end. Otherwise it cannot be known.
      if (errno == ENXIO) data_ = file_.size;
      return;
    }
    data_ = static_cast<std::uint64_t>(data);
    const off_t end = ::lseek(fd_.get(), data, SEEK_HOLE);
    if (end > data) data_end_ = static_cast<std::uint64_t>(end);
  }

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
  std::uint64_t position_ = 0;
  // The extent of data at or behind the position when it was last asked for.
  std::uint64_t data_ = 0;
  std::uint64_t data_end_ = 0;
};

}  // namespace

std::unique_ptr<ContentReader> ContentReader::open(const tree::Content& content) {
  if (const auto* made = std::get_if<std::string>(&content)) {
    return std::make_unique<MadeContent>(*made);
  }
  return std::make_unique<DiskContent>(std::get<tree::DiskFile>(content));
}

}  // namespace xar::squashfs
