// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {

File Archive::open(std::string_view name) const {
  Node node = find(image, name, true);
  if (!S_ISREG(node.status.st_mode)) {
    throw base::Error(base::Errc::kInvalid, "cannot read '" + node.path + "' in", path,
                      "it is not a regular file");
  }
  return {image, std::move(node)};
}

std::size_t read(const image::Image& image, const Node& file, std::uint64_t offset,
                 std::span<std::byte> out) {
  std::size_t got = 0;
  const int error = image.read(file.entry.inode, offset, out, got);
  if (error != 0) throw_unreadable(image, file.path, error);
  return got;
}

std::uint64_t File::size() const {
  return static_cast<std::uint64_t>(node_.status.st_size);
}

std::size_t File::read(std::uint64_t offset, std::span<std::byte> out,
                       std::error_code& error) const noexcept {
  std::size_t got = 0;
  const int number = image_->read(node_.entry.inode, offset, out, got);
  error.assign(number, std::generic_category());
  return number == 0 ? got : 0;
}

std::string File::read_all(std::uint64_t limit) const {
  // The size is the archive's word: memory is taken as content comes.
  constexpr std::size_t kPiece = 1 << 20;
  std::string content;
  for (;;) {
    const std::size_t before = content.size();
    content.resize(before + kPiece);
    const auto rest = std::as_writable_bytes(std::span(content).subspan(before));
    const std::size_t got = read(before, rest);
    content.resize(before + got);
    if (content.size() > limit) {
      throw base::Error(base::Errc::kInvalid, "cannot read '" + node_.path + "' in",
                        image_->name(),
                        "it has more than " + std::to_string(limit) + " bytes");
    }
    if (got < kPiece) return content;
  }
}

}  // namespace xar::inspect
