// SPDX-License-Identifier: BSD-2-Clause
// Opening an image, walking through it, and everything that an inode can be asked.
#include "xar/image.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/support.hpp"
#include "xar/base/error.hpp"
#include "xar/image/serving.hpp"
#include "xar/inspect.hpp"

namespace {

using namespace xar;

constexpr std::size_t kMaxNodes = 300;
constexpr std::uint64_t kMaxRead = 32 << 20;

// Whether a call succeeded. One that fails names the image, or what was asked of it.
bool succeeded(int error) {
  constexpr std::array kExpected = {0, EIO, ENOTDIR, EISDIR, EINVAL, E2BIG, ENOMEM};
  fuzz::require(std::ranges::count(kExpected, error) == 1, "an error is a known one");
  return error == 0;
}

class Questions {
 public:
  explicit Questions(const image::Image& image) : image_(image), buffer_(256 * 1024) {}

  // Throws Enough once all of them have taken long.
  void ask(const inspect::Node& node) {
    if (++nodes_ > kMaxNodes) throw fuzz::Enough();
    const image::InodeReference inode = node.entry.inode;
    struct stat status {};
    fuzz::require(succeeded(image_.attributes(inode, status)),
                  "what a walk meets has attributes");
    std::string target;
    succeeded(image_.read_link(inode, target));
    ask_xattrs(inode);
    ask_fragment(inode);
    list(inode);
    read(inode, static_cast<std::uint64_t>(status.st_size));
  }

 private:
  void ask_xattrs(image::InodeReference inode) {
    std::vector<std::string> names;
    if (!succeeded(image_.xattr_names(inode, names))) return;
    for (const std::string& name : names) {
      std::optional<std::string> value;
      if (!succeeded(image_.xattr_value(inode, name, value))) continue;
      fuzz::require(value.has_value(), "an attribute that is listed is found");
      fuzz::require(value->size() <= 64 * 1024, "an attribute is of 64 KiB at most");
    }
    std::optional<std::uint32_t> set;
    succeeded(image_.xattr_set(inode, set));
    succeeded(image_.xattrs(inode, [](const auto&, std::string_view) { return true; }));
  }

  void ask_fragment(image::InodeReference inode) {
    std::optional<std::uint32_t> fragment;
    if (succeeded(image::Serving(image_).fragment(inode, fragment)) && fragment) {
      image::Serving(image_).prefetch_fragment(*fragment);
    }
  }

  void list(image::InodeReference inode) {
    std::vector<image::Entry> entries;
    succeeded(image_.list(inode, 0, [&](const image::Entry& entry) {
      entries.push_back(entry);
      return entries.size() < 64;
    }));
    for (const image::Entry& entry : entries) {
      std::optional<image::Entry> found;
      succeeded(image_.lookup(inode, entry.name, found));
      for (const std::uint64_t from : {entry.next, entry.next + 1}) {
        succeeded(image_.list(inode, from, [](const image::Entry&) { return false; }));
      }
    }
    succeeded(image_.check_index(inode));
  }

  void read(image::InodeReference inode, std::uint64_t size) {
    for (const std::uint64_t from :
         {std::uint64_t{0}, size / 2, size - 1, size, size + 1, std::uint64_t{1} << 62}) {
      std::size_t got = 0;
      succeeded(image_.read(inode, from, buffer_, got));
      fuzz::require(got <= buffer_.size(), "no more is read than there is room for");
      std::uint64_t zeros = 0;
      succeeded(image_.hole(inode, from, buffer_.size(), zeros));
      fuzz::require(zeros <= buffer_.size(), "a hole is no longer than asked for");
      compare_pieces(inode, from, got);
      if ((read_ += got) > kMaxRead) throw fuzz::Enough();
    }
  }

  // What read() has put into the buffer comes in pieces, too.
  void compare_pieces(image::InodeReference inode, std::uint64_t from, std::size_t got) {
    std::vector<image::Piece> pieces;
    if (!succeeded(image::Serving(image_).pieces(inode, from, buffer_.size(), pieces)))
      return;
    std::size_t at = 0;
    for (const image::Piece& piece : pieces) {
      fuzz::require(piece.bytes.size() <= got - at,
                    "pieces are no longer than asked for");
      fuzz::require(std::ranges::equal(
                        piece.bytes, std::span(buffer_).subspan(at, piece.bytes.size())),
                    "pieces are what is read");
      at += piece.bytes.size();
    }
    fuzz::require(at == got, "pieces are all that is read");
  }

  const image::Image& image_;
  base::Bytes buffer_;
  std::size_t nodes_ = 0;
  std::uint64_t read_ = 0;
};

void find(const image::Image& image) {
  for (const char* path : {"a", "d/f", "l/f", "d/..", "..", "/", "l", "d/./"}) {
    try {
      static_cast<void>(inspect::find(image, path, true));
    } catch (const base::Error&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const image::Image image = fuzz::open_image(fuzz::as_text(data, size));
    static_cast<void>(image.statistics());
    image::Serving(image).read_ahead();
    find(image);
    Questions questions(image);
    inspect::walk(image, inspect::find(image, "", false),
                  [&](const inspect::Node& node) { questions.ask(node); });
    image::Serving(image).drop_caches();
  } catch (const fuzz::Enough&) {
  } catch (const base::Error&) {
  }
  return 0;
}
