// SPDX-License-Identifier: BSD-2-Clause
#include "extract/plan.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::extract {
namespace {

Item item_of(const inspect::Node& node, DirectoryIndex parent) {
  const struct stat& status = node.status;
  Item item;
  item.parent = parent;
  item.name = node.path.substr(node.path.rfind('/') + 1);
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
  Planner(const image::Image& image, const std::function<void()>& tick)
      : image_(image), tick_(tick) {}

  void take_everything() { take_below(inspect::find(image_, "", false), kRoot); }

  // What leads to another path is to be taken before it.
  void take(const inspect::Node& node) {
    if (is_taken(node.path)) return;
    const DirectoryIndex parent = add_parents(node.path);
    taken_.push_back(node.path);
    take_below(node, parent);
  }

  Plan finish() { return std::move(plan_); }

 private:
  // Whether the path or what leads to it has been taken with all that is below.
  [[nodiscard]] bool is_taken(std::string_view path) const {
    return std::ranges::any_of(taken_, [path](const std::string& taken) {
      return taken.empty() || path == taken ||
             (path.starts_with(taken) && path[taken.size()] == '/');
    });
  }

  // The directories from the root to `path`, itself aside. Returns the last of them.
  DirectoryIndex add_parents(const std::string& path) {
    if (path.empty()) return kRoot;
    DirectoryIndex at = take_directory("", kRoot);
    for (std::size_t end = path.find('/'); end != path.npos;
         end = path.find('/', end + 1)) {
      at = take_directory(path.substr(0, end), at);
    }
    return at;
  }

  DirectoryIndex take_directory(const std::string& path, DirectoryIndex parent) {
    const auto known = on_the_way_.find(path);
    if (known != on_the_way_.end()) return known->second;
    const DirectoryIndex index =
        add_directory(inspect::find(image_, path, false), parent);
    on_the_way_.emplace(path, index);
    return index;
  }

  void take_below(const inspect::Node& node, DirectoryIndex parent) {
    inspect::Walk walk(image_, node);
    // The directories that lead to the next node.
    std::vector<DirectoryIndex> way = {parent};
    while (const inspect::Node* below = walk.next()) {
      tick_();
      way.resize(walk.depth() + 1);
      if (S_ISDIR(below->status.st_mode)) {
        way.push_back(add_directory(*below, way.back()));
      } else {
        add_file(*below, way.back());
      }
    }
  }

  DirectoryIndex add_directory(const inspect::Node& node, DirectoryIndex parent) {
    const auto index = static_cast<DirectoryIndex>(plan_.directories.size());
    plan_.directories.push_back(item_of(node, parent));
    if (index != kRoot)
      plan_.directories.back().depth = plan_.directories[parent].depth + 1;
    return index;
  }

  void add_file(const inspect::Node& node, DirectoryIndex parent) {
    if (node.status.st_nlink > 1) {
      const auto [first, is_new] =
          files_.try_emplace(node.entry.inode, plan_.files.size());
      if (!is_new) {
        const Item item = item_of(node, parent);
        plan_.links.push_back({parent, item.name, first->second});
        return;
      }
    }
    plan_.files.push_back(item_of(node, parent));
    plan_.content_bytes += plan_.files.back().size;
  }

  const image::Image& image_;
  const std::function<void()>& tick_;
  Plan plan_;
  std::vector<std::string> taken_;
  std::map<std::string, DirectoryIndex> on_the_way_;
  std::unordered_map<image::InodeReference, std::size_t> files_;  // with several names
};

}  // namespace

std::string Plan::path_of(DirectoryIndex parent, std::string_view name) const {
  std::vector<std::string_view> names = {name};
  for (; parent != kRoot; parent = directories[parent].parent) {
    names.push_back(directories[parent].name);
  }
  std::string path;
  for (auto part = names.rbegin(); part != names.rend(); ++part) {
    if (!path.empty()) path += '/';
    path += *part;
  }
  return path;
}

Plan make_plan(const image::Image& image, const std::vector<std::string>& paths,
               const std::function<void()>& tick) {
  Planner planner(image, tick);
  if (paths.empty()) planner.take_everything();
  std::vector<inspect::Node> nodes;
  for (const std::string& path : paths)
    nodes.push_back(inspect::find(image, path, false));
  // What leads to another path comes before it.
  std::ranges::sort(nodes, {}, &inspect::Node::path);
  for (const inspect::Node& node : nodes) planner.take(node);
  return planner.finish();
}

}  // namespace xar::extract
