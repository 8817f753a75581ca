// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "inspect/fault.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

// A walk keeps its own stack: how deep an image goes is the image's word.
class Walk {
 public:
  Walk(const image::Image& image, const std::function<void(const Node&)>& visit)
      : image_(image), visit_(visit) {}

  void run(const Node& from) {
    visit_(from);
    if (S_ISDIR(from.status.st_mode)) enter(from);
    while (!open_.empty()) {
      Directory& directory = open_.back();
      if (directory.entries.empty()) {
        open_.pop_back();
        continue;
      }
      const Node node = take_next(directory);
      visit_(node);
      if (S_ISDIR(node.status.st_mode)) enter(node);
    }
  }

 private:
  struct Directory {
    std::string path;
    std::vector<image::Entry> entries;  // still to be visited, the last one first
  };

  Node take_next(Directory& directory) {
    Node node;
    node.entry = std::move(directory.entries.back());
    directory.entries.pop_back();
    node.path =
        directory.path.empty() ? node.entry.name : directory.path + "/" + node.entry.name;
    const int error = image_.attributes(node.entry.inode, node.status);
    if (error != 0) throw_unreadable(image_, node.path, error);
    return node;
  }

  void enter(const Node& node) {
    if (!entered_.insert(node.entry.inode).second) {
      throw_damaged(image_, node.path, "is a directory that is also elsewhere");
    }
    Directory directory{node.path, {}};
    const auto keep = [&directory](const image::Entry& entry) {
      if (entry.name != "." && entry.name != "..") directory.entries.push_back(entry);
      return true;
    };
    const int error = image_.list(node.entry.inode, 0, keep);
    if (error != 0) throw_unreadable(image_, node.path, error);
    std::ranges::sort(directory.entries, std::ranges::greater(), &image::Entry::name);
    const auto twice =
        std::ranges::adjacent_find(directory.entries, {}, &image::Entry::name);
    if (twice != directory.entries.end()) {
      throw_damaged(image_, node.path, "has the name '" + twice->name + "' twice");
    }
    open_.push_back(std::move(directory));
  }

  const image::Image& image_;
  const std::function<void(const Node&)>& visit_;
  std::vector<Directory> open_;
  std::unordered_set<image::InodeReference> entered_;
};

}  // namespace

void walk(const image::Image& image, const Node& from,
          const std::function<void(const Node&)>& visit) {
  Walk(image, visit).run(from);
}

}  // namespace xar::inspect
