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

// Calls `visit` for every name of every inode, `inode` itself first.
template <typename SomeInode, typename Visit>
void for_each(SomeInode& inode, const Visit& visit) {
  visit(inode);
  for (const Entry& entry : inode.entries) {
    for_each(static_cast<SomeInode&>(*entry.inode), visit);
  }
}

}  // namespace

std::uint64_t Inode::size() const {
  const auto* made = std::get_if<std::string>(&content);
  return made != nullptr ? made->size() : std::get<DiskFile>(content).size;
}

Tree::Tree() : root_(std::make_shared<Inode>()) {}

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
  for_each(root(), [&](const Inode& inode) { newest = std::max(newest, inode.mtime); });
  return newest;
}

void Tree::clamp_mtimes(std::int64_t latest) {
  for_each(root(), [&](Inode& inode) { inode.mtime = std::min(inode.mtime, latest); });
}

void Tree::set_owner(std::uint32_t uid, std::uint32_t gid) {
  for_each(root(), [&](Inode& inode) {
    inode.uid = uid;
    inode.gid = gid;
  });
}

}  // namespace xar::tree
