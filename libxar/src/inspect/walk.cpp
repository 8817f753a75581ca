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
    visit(from);
    while (!open_.empty()) {
      std::vector<Node>& rest = open_.back();
      if (rest.empty()) {
        open_.pop_back();
        continue;
      }
      const Node node = std::move(rest.back());
      rest.pop_back();
      visit(node);
    }
  }

 private:
  void visit(const Node& node) {
    visit_(node);
    if (!S_ISDIR(node.status.st_mode)) return;
    if (!entered_.insert(node.entry.inode).second) {
      throw_damaged(image_, node.path, "is a directory that is also elsewhere");
    }
    open_.push_back(children(image_, node));
    std::ranges::reverse(open_.back());
  }

  const image::Image& image_;
  const std::function<void(const Node&)>& visit_;
  std::vector<std::vector<Node>>
      open_;  // what is still to be visited, the last one first
  std::unordered_set<image::InodeReference> entered_;
};

std::vector<image::Entry> entries_of(const image::Image& image, const Node& directory) {
  std::vector<image::Entry> entries;
  const auto keep = [&entries](const image::Entry& entry) {
    if (entry.name != "." && entry.name != "..") entries.push_back(entry);
    return true;
  };
  const int error = image.list(directory.entry.inode, 0, keep);
  if (error != 0) throw_unreadable(image, directory.path, error);
  std::ranges::sort(entries, {}, &image::Entry::name);
  const auto twice = std::ranges::adjacent_find(entries, {}, &image::Entry::name);
  if (twice != entries.end()) {
    throw_damaged(image, directory.path, "has the name '" + twice->name + "' twice");
  }
  return entries;
}

}  // namespace

std::vector<Node> children(const image::Image& image, const Node& directory) {
  std::vector<Node> nodes;
  for (image::Entry& entry : entries_of(image, directory)) {
    Node node;
    node.path = directory.path.empty() ? entry.name : directory.path + "/" + entry.name;
    node.entry = std::move(entry);
    const int error = image.attributes(node.entry.inode, node.status);
    if (error != 0) throw_unreadable(image, node.path, error);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

void walk(const image::Image& image, const Node& from,
          const std::function<void(const Node&)>& visit) {
  Walk(image, visit).run(from);
}

}  // namespace xar::inspect
