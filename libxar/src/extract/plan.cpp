// SPDX-License-Identifier: BSD-2-Clause
#include "extract/plan.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::extract {
namespace {

Item item_of(const inspect::Node& node) {
  const struct stat& status = node.status;
  Item item;
  item.path = node.path;
  item.inode = node.entry.inode;
  item.mode = status.st_mode;
  item.uid = status.st_uid;
  item.gid = status.st_gid;
  item.mtime = status.st_mtim.tv_sec;
  item.device = status.st_rdev;
  item.block_size = static_cast<std::uint32_t>(status.st_blksize);
  if (S_ISREG(status.st_mode)) {
    item.size = static_cast<std::uint64_t>(status.st_size);
    item.sparse = static_cast<std::uint64_t>(status.st_blocks) < item.size / 512;
  }
  return item;
}

class Planner {
 public:
  explicit Planner(const image::Image& image) : image_(image) {}

  void take_everything() { take_below(inspect::find(image_, "", false)); }

  void take(const inspect::Node& node) {
    if (is_taken(node.path)) return;
    take_way_to(node.path);
    taken_.insert(node.path);
    take_below(node);
  }

  Plan finish() { return std::move(plan_); }

 private:
  // Whether the path or what leads to it has been taken with all that is below.
  [[nodiscard]] bool is_taken(std::string_view path) const {
    for (;;) {
      if (taken_.contains(std::string(path))) return true;
      if (path.empty()) return false;
      path = parent_of(path);
    }
  }

  // The directories from the root to `path`, itself aside.
  void take_way_to(const std::string& path) {
    if (path.empty()) return;
    take_directory("");
    for (std::size_t end = path.find('/'); end != path.npos;
         end = path.find('/', end + 1)) {
      take_directory(path.substr(0, end));
    }
  }

  void take_directory(const std::string& path) {
    if (!on_the_way_.insert(path).second) return;
    plan_.directories.push_back(item_of(inspect::find(image_, path, false)));
  }

  void take_below(const inspect::Node& node) {
    inspect::walk(image_, node, [this](const inspect::Node& below) { add(below); });
  }

  void add(const inspect::Node& node) {
    if (S_ISDIR(node.status.st_mode)) {
      if (!on_the_way_.contains(node.path)) plan_.directories.push_back(item_of(node));
      return;
    }
    if (node.status.st_nlink > 1) {
      const auto [first, is_new] = names_.try_emplace(node.entry.inode, node.path);
      if (!is_new) {
        plan_.links.push_back({node.path, first->second});
        return;
      }
    }
    plan_.files.push_back(item_of(node));
    plan_.content_bytes += plan_.files.back().size;
  }

  const image::Image& image_;
  Plan plan_;
  std::unordered_set<std::string> taken_;
  std::unordered_set<std::string> on_the_way_;
  std::unordered_map<image::InodeReference, std::string> names_;
};

}  // namespace

Plan make_plan(const image::Image& image, const std::vector<std::string>& paths) {
  Planner planner(image);
  if (paths.empty()) planner.take_everything();
  std::vector<inspect::Node> nodes;
  for (const std::string& path : paths)
    nodes.push_back(inspect::find(image, path, false));
  // What leads to another path comes before it.
  std::ranges::sort(nodes, {}, &inspect::Node::path);
  for (const inspect::Node& node : nodes) planner.take(node);
  return planner.finish();
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

std::string name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == path.npos ? path : path.substr(slash + 1));
}

}  // namespace xar::extract
