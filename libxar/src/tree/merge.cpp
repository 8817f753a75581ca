// SPDX-License-Identifier: BSD-2-Clause
// Two trees to one.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

// The content of a regular file, a piece at a time.
class Reader {
 public:
  explicit Reader(const Content& content) : content_(content) {
    if (const auto* file = std::get_if<DiskFile>(&content_)) {
      fd_ = base::open_file(file->path, O_RDONLY);
    }
  }

  // The piece at `offset`, which lives until the next call.
  std::string_view read(std::uint64_t offset) {
    if (const auto* made = std::get_if<std::string>(&content_)) {
      return std::string_view(*made).substr(offset, buffer_.size());
    }
    if (const auto* part = std::get_if<Part>(&content_)) return read(*part, offset);
    const auto* file = std::get_if<DiskFile>(&content_);
    const std::size_t size = base::read_at(
        fd_.get(), offset, std::as_writable_bytes(std::span(buffer_)), file->path);
    return {buffer_.data(), size};
  }

 private:
  std::string_view read(const Part& part, std::uint64_t offset) {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(part.size - offset, buffer_.size()));
    const auto into = std::as_writable_bytes(std::span(buffer_)).first(wanted);
    const std::size_t size =
        base::read_at(part.file->get(), part.offset + offset, into, "the temporary file");
    return {buffer_.data(), size};
  }

  const Content& content_;
  base::Fd fd_;
  std::array<char, 65536> buffer_{};
};

using Tick = std::function<void()>;

bool same_content(const Inode& one, const Inode& other, const Tick& tick) {
  if (one.size() != other.size()) return false;
  Reader left(one.content);
  Reader right(other.content);
  for (std::uint64_t offset = 0;;) {
    if (tick) tick();
    const std::string_view piece = left.read(offset);
    if (piece != right.read(offset)) return false;
    if (piece.empty()) return true;
    offset += piece.size();
  }
}

bool same_file(const Inode& one, const Inode& other, const Tick& tick) {
  if (one.type != other.type) return false;
  if (one.type == Type::kSymlink) return one.target == other.target;
  if (one.type != Type::kRegular) return one.device == other.device;
  constexpr unsigned kExecutable = 0111;
  const bool alike = ((one.permissions ^ other.permissions) & kExecutable) == 0;
  return alike && same_content(one, other, tick);
}

bool by_name(const Entry& left, const Entry& right) {
  return left.name < right.name;
}

// Two directories that become one.
struct Pair {
  Inode* directory;
  std::shared_ptr<Inode> other;
  std::string path;  // with a slash behind it, empty for the roots
};

[[noreturn]] void refuse(const std::string& path) {
  throw base::Error(base::Errc::kConflict, "two inputs differ in", path);
}

class Merger {
 public:
  Merger(const OnDifference& on_difference, const Tick& tick)
      : on_difference_(on_difference), tick_(tick) {}

  void merge(Inode& root, std::shared_ptr<Inode> other) {
    left_.push_back({&root, std::move(other), ""});
    while (!left_.empty()) {
      const Pair pair = std::move(left_.back());
      left_.pop_back();
      merge(pair);
    }
  }

 private:
  void merge(const Pair& pair) {
    std::vector<Entry>& done = pair.directory->entries;
    std::vector<Entry> merged;
    merged.reserve(done.size() + pair.other->entries.size());
    std::ranges::merge(std::make_move_iterator(done.begin()),
                       std::make_move_iterator(done.end()),
                       std::make_move_iterator(pair.other->entries.begin()),
                       std::make_move_iterator(pair.other->entries.end()),
                       std::back_inserter(merged), by_name);
    done.clear();
    pair.other->entries.clear();
    for (Entry& entry : merged) {
      if (tick_) tick_();
      if (!done.empty() && done.back().name == entry.name) {
        merge(done.back(), entry, pair.path + entry.name);
      } else {
        done.push_back(std::move(entry));
      }
    }
  }

  void merge(const Entry& entry, const Entry& other, const std::string& path) {
    const bool is_directory = entry.inode->type == Type::kDirectory;
    if (is_directory != (other.inode->type == Type::kDirectory)) refuse(path);
    if (is_directory) {
      left_.push_back({entry.inode.get(), other.inode, path + "/"});
      return;
    }
    if (!same_file(*entry.inode, *other.inode, tick_)) on_difference_(path);
    --other.inode->links;  // it has one name less
  }

  const OnDifference& on_difference_;
  const Tick& tick_;
  std::vector<Pair> left_;
};

}  // namespace

void Tree::merge(Tree other) {
  merge(std::move(other), refuse);
}

void Tree::merge(Tree other, const OnDifference& on_difference,
                 const std::function<void()>& tick) {
  Merger(on_difference, tick).merge(*root_, other.root_);
}

}  // namespace xar::tree
