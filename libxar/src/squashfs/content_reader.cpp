// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/content_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"

namespace xar::squashfs {
namespace {

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
    fd_.reset(::open(file.path.c_str(), kFlags));
    if (!fd_) base::throw_errno("cannot read", file.path);
  }

  std::uint64_t hole(std::uint64_t limit) override {
    if (position_ < data_) return std::min(data_ - position_, limit);
    // Smaller files are read faster than asked about.
    if (limit < kWorthAsking || position_ < asked_until_) return 0;
    const off_t data = ::lseek(fd_.get(), static_cast<off_t>(position_), SEEK_DATA);
    if (data < 0) {
      // ENXIO: nothing but a hole up to the end. Otherwise it cannot be known.
      data_ = errno == ENXIO ? file_.size : position_;
      asked_until_ = file_.size;
    } else {
      data_ = static_cast<std::uint64_t>(data);
      const off_t hole = ::lseek(fd_.get(), data, SEEK_HOLE);
      asked_until_ = hole < 0 ? file_.size : static_cast<std::uint64_t>(hole);
    }
    return std::min(data_ - position_, limit);
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

  void finish() override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) base::throw_errno("cannot examine", file_.path);
    const bool same = S_ISREG(status.st_mode) &&
                      static_cast<std::uint64_t>(status.st_size) == file_.size &&
                      status.st_mtim.tv_sec == file_.mtime_seconds &&
                      status.st_mtim.tv_nsec == file_.mtime_nanoseconds;
    if (!same) throw_changed();
  }

 private:
  static constexpr std::uint64_t kWorthAsking = 1 << 20;

  [[noreturn]] void throw_changed() const {
    throw base::Error("changed while it was packed", file_.path,
                      "build again when nothing writes to it");
  }

  const tree::DiskFile& file_;
  base::Fd fd_;
  std::uint64_t position_ = 0;
  std::uint64_t data_ = 0;         // where data begins at or after a known hole
  std::uint64_t asked_until_ = 0;  // what the file system has told of so far
};

}  // namespace

std::unique_ptr<ContentReader> ContentReader::open(const tree::Content& content) {
  if (const auto* made = std::get_if<std::string>(&content)) {
    return std::make_unique<MadeContent>(*made);
  }
  return std::make_unique<DiskContent>(std::get<tree::DiskFile>(content));
}

}  // namespace xar::squashfs
