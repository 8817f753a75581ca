// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

// Entries that are read of a listing at a time.
constexpr std::size_t kChunk = 64;

// What an entry takes in a listing besides its name.
constexpr std::uint64_t kEntrySize = 8;

std::string joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty()) path += '/';
  path += name;
  return path;
}

// The entries of one directory, a chunk at a time.
class Listing {
 public:
  Listing(const image::Image& image, image::InodeReference directory)
      : image_(&image), directory_(directory) {}

  // The next entry; null at the end. `path` is the directory's, for messages.
  const image::Entry* next(std::string_view path) {
    if (at_ == entries_.size()) read_more(path);
    if (at_ == entries_.size()) return nullptr;
    const image::Entry& entry = entries_[at_++];
    if (entry.name <= last_) reject(path, entry.name);
    last_ = entry.name;
    return &entry;
  }

 private:
  void read_more(std::string_view path) {
    entries_.clear();
    at_ = 0;
    if (is_complete_) return;
    is_complete_ = true;
    const auto keep = [this](const image::Entry& entry) {
      if (entries_.size() == kChunk) return is_complete_ = false;
      position_ = entry.next;
      if (entry.name != "." && entry.name != "..") entries_.push_back(entry);
      return true;
    };
    const int error = image_->list(directory_, position_, keep);
    if (error != 0) throw_unreadable(*image_, path, error);
  }

  [[noreturn]] void reject(std::string_view path, const std::string& name) const {
    if (name == last_) throw_damaged(*image_, path, "has the name '" + name + "' twice");
    throw_damaged(*image_, path,
                  "has its names out of order, where no lookup finds them");
  }

  const image::Image* image_;
  image::InodeReference directory_;
  std::uint64_t position_ = 0;
  bool is_complete_ = false;
  std::vector<image::Entry> entries_;
  std::size_t at_ = 0;
  std::string last_;
};

// Counts what a walk meets, against what the image says that there is.
class Census {
 public:
  explicit Census(const image::Image& image) : image_(image) {
    const int error = image.listing_capacity(bytes_left_);
    if (error != 0) throw_unreadable(image, "", error);
  }

  void add(const Node& node) {
    const std::uint64_t bytes = kEntrySize + node.entry.name.size();
    if (!node.entry.name.empty() && bytes > bytes_left_) {
      throw_damaged(image_, node.path, "is one name more than are stored");
    }
    if (!node.entry.name.empty()) bytes_left_ -= bytes;
    const std::uint32_t names = ++names_[node.entry.inode];
    if (names_.size() > image_.inode_count()) {
      throw_damaged(image_, node.path, "is one file more than the image says it has");
    }
    if (names == 1) return;
    if (S_ISDIR(node.status.st_mode)) {
      throw_damaged(image_, node.path, "is a directory that is also elsewhere");
    }
    if (names > node.status.st_nlink) {
      throw_damaged(image_, node.path, "is one name more than its file says it has");
    }
  }

 private:
  const image::Image& image_;
  std::uint64_t bytes_left_ = 0;
  std::unordered_map<image::InodeReference, std::uint32_t> names_;
};

}  // namespace

// Keeps its own stack: how deep an image goes is the image's word.
class Walk::State {
 public:
  State(const image::Image& image, Node from)
      : image_(image), census_(image), node_(std::move(from)) {}

  const Node* next() {
    if (!has_begun_) {
      has_begun_ = true;
      census_.add(node_);
      return &node_;
    }
    // Where the last node is a directory, what is in it comes next.
    if (S_ISDIR(node_.status.st_mode)) {
      levels_.push_back({Listing(image_, node_.entry.inode), node_.path.size()});
    }
    while (!levels_.empty()) {
      Level& level = levels_.back();
      node_.path.resize(level.path_length);
      if (const image::Entry* entry = level.listing.next(node_.path)) return take(*entry);
      levels_.pop_back();
    }
    node_.status = {};
    return nullptr;
  }

  [[nodiscard]] std::size_t depth() const { return levels_.size(); }

 private:
  struct Level {
    Listing listing;
    std::size_t path_length;
  };

  const Node* take(const image::Entry& entry) {
    if (!node_.path.empty()) node_.path += '/';
    node_.path += entry.name;
    node_.entry = entry;
    const int error = image_.attributes(entry.inode, node_.status);
    if (error != 0) throw_unreadable(image_, node_.path, error);
    census_.add(node_);
    return &node_;
  }

  const image::Image& image_;
  Census census_;
  std::vector<Level> levels_;
  Node node_;
  bool has_begun_ = false;
};

Walk::Walk(const image::Image& image, Node from)
    : state_(std::make_unique<State>(image, std::move(from))) {}
Walk::~Walk() = default;

const Node* Walk::next() {
  return state_->next();
}

std::size_t Walk::depth() const {
  return state_->depth();
}

std::vector<Node> children(const image::Image& image, const Node& directory) {
  std::vector<Node> nodes;
  Listing listing(image, directory.entry.inode);
  while (const image::Entry* entry = listing.next(directory.path)) {
    Node node;
    node.path = joined(directory.path, entry->name);
    node.entry = *entry;
    const int error = image.attributes(node.entry.inode, node.status);
    if (error != 0) throw_unreadable(image, node.path, error);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

void walk(const image::Image& image, const Node& from,
          const std::function<void(const Node&)>& visit) {
  Walk walk(image, from);
  while (const Node* node = walk.next()) visit(*node);
}

}  // namespace xar::inspect
