// SPDX-License-Identifier: BSD-2-Clause
#include "xar/tree.hpp"

#include <algorithm>

#include "xar/base/error.hpp"

namespace xar::tree {
namespace {

// Where `name` stands, or would stand, among a directory's sorted entries.
template <typename Entries>
auto position(Entries& entries, std::string_view name) {
  return std::lower_bound(entries.begin(), entries.end(), name,
                          [](const Entry& entry, std::string_view wanted) {
                            return std::string_view(entry.name) < wanted;
                          });
}

const Inode* child(const Inode& directory, std::string_view name) {
  const auto at = position(directory.entries, name);
  const bool found = at != directory.entries.end() && at->name == name;
  return found ? at->inode.get() : nullptr;
}

// Calls `visit` with the inode of every name, the root's first.
template <typename Visit>
void for_each_inode(const std::shared_ptr<Inode>& root, const Visit& visit) {
  std::vector<Inode*> left = {root.get()};
  while (!left.empty()) {
    Inode& inode = *left.back();
    left.pop_back();
    visit(inode);
    for (const Entry& entry : inode.entries) left.push_back(entry.inode.get());
  }
}

}  // namespace

std::uint64_t Inode::size() const {
  if (const auto* made = std::get_if<std::string>(&content)) return made->size();
  if (const auto* part = std::get_if<Part>(&content)) return part->size;
  return std::get<DiskFile>(content).size;
}

Tree::Tree() : root_(std::make_shared<Inode>()) {}

Tree& Tree::operator=(Tree&& other) noexcept {
  std::swap(root_, other.root_);
  return *this;
}

// From the top down: for each level to destroy the next one takes a stack as deep as the
// tree.
Tree::~Tree() {
  std::vector<std::shared_ptr<Inode>> left;
  left.push_back(std::move(root_));
  while (!left.empty()) {
    const std::shared_ptr<Inode> inode = std::move(left.back());
    left.pop_back();
    if (!inode || inode.use_count() > 1) continue;
    for (Entry& entry : inode->entries) {
      if (!entry.inode->entries.empty()) left.push_back(std::move(entry.inode));
    }
  }
}

const Inode* Tree::find(std::string_view path) const {
  const Inode* inode = root_.get();
  while (inode != nullptr && !path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    if (name.empty() || name == ".") continue;
    inode = child(*inode, name);
  }
  return inode;
}

void Tree::add_file(std::string_view path, std::string content,
                    std::uint16_t permissions) {
  auto inode = std::make_shared<Inode>();
  inode->type = Type::kRegular;
  inode->permissions = permissions;
  inode->content = std::move(content);
  add(path, std::move(inode));
}

void Tree::add_symlink(std::string_view path, std::string target) {
  auto inode = std::make_shared<Inode>();
  inode->type = Type::kSymlink;
  inode->permissions = 0777;
  inode->target = std::move(target);
  add(path, std::move(inode));
}

void Tree::add(std::string_view path, std::shared_ptr<Inode> inode) {
  Inode* directory = root_.get();
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    const bool last = slash == rest.npos;
    auto at = position(directory->entries, name);
    const bool found = at != directory->entries.end() && at->name == name;
    if (found && (last || at->inode->type != Type::kDirectory)) {
      throw base::Error("a file of this name is to be added", path,
                        "rename the one that is there already");
    }
    if (!found) {
      at = directory->entries.insert(
          at,
          Entry{std::string(name), last ? std::move(inode) : std::make_shared<Inode>()});
    }
    if (last) return;
    directory = at->inode.get();
    rest.remove_prefix(slash + 1);
  }
}

std::int64_t Tree::newest_mtime() const {
  std::int64_t newest = 0;
  for_each_inode(root_,
                 [&](const Inode& inode) { newest = std::max(newest, inode.mtime); });
  return newest;
}

Tree::Clamped Tree::clamp_mtimes(std::int64_t earliest, std::int64_t latest) {
  Clamped clamped;
  const auto clamp = [&](Inode& inode, const std::string& path) {
    if (inode.mtime >= earliest && inode.mtime <= latest) return;
    inode.mtime = std::clamp(inode.mtime, earliest, latest);
    if (clamped.names++ == 0) clamped.first = path;
  };
  clamp(*root_, ".");
  for_each_entry(*this, [&](const std::string& path, const Entry& entry) {
    clamp(*entry.inode, path);
  });
  return clamped;
}

void Tree::set_owner(std::uint32_t uid, std::uint32_t gid) {
  for_each_inode(root_, [&](Inode& inode) {
    inode.uid = uid;
    inode.gid = gid;
  });
}

void for_each_entry(
    const Tree& tree,
    const std::function<void(const std::string& path, const Entry& entry)>& visit) {
  struct Level {
    const Inode* directory;
    std::size_t next;
    std::size_t path_length;
  };
  std::vector<Level> levels = {{&tree.root(), 0, 0}};
  std::string path;
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == level.directory->entries.size()) {
      levels.pop_back();
      continue;
    }
    const Entry& entry = level.directory->entries[level.next++];
    path.resize(level.path_length);
    path += entry.name;
    visit(path, entry);
    if (entry.inode->entries.empty()) continue;
    path += '/';
    levels.push_back({entry.inode.get(), 0, path.size()});
  }
}

}  // namespace xar::tree
