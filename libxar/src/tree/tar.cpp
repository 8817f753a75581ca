// SPDX-License-Identifier: BSD-2-Clause
// A tar stream to a tree. Members come in any order: a link before its file, a directory
// behind what is in it. So directories are indexed by name while they are filled, and
// sorted once all is there. Content goes into one file without a name.
#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "tree/exclusion.hpp"
#include "tree/tar_stream.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/temporary_file.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

// The parts of a path; slashes in front, repeated ones and dots count for nothing. Throws
// Error if one of them leads up.
std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      throw base::Error("cannot pack", path, "this name in the tar file leads up by ..");
    }
    if (part.size() > 255) {
      throw base::Error("cannot pack", part, "a name may have 255 bytes at most");
    }
    parts.emplace_back(part);
  }
  return parts;
}

std::string joined(std::span<const std::string> parts) {
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : "/") + part;
  return path;
}

// The tree while it grows.
class Growth {
 public:
  explicit Growth(Inode& root) : root_(root) {}

  // What the path names; null if nothing.
  [[nodiscard]] std::shared_ptr<Inode> find(std::span<const std::string> parts) const {
    const Inode* directory = &root_;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto index = indices_.find(directory);
      if (index == indices_.end()) return nullptr;
      const auto at = index->second.find(parts[i]);
      if (at == index->second.end()) return nullptr;
      const std::shared_ptr<Inode>& inode = directory->entries[at->second].inode;
      if (i + 1 == parts.size()) return inode;
      directory = inode.get();
    }
    return nullptr;
  }

  // Gives `inode` a name. What had it loses it; of a directory that was there, only the
  // attributes change.
  void put(std::span<const std::string> parts, std::shared_ptr<Inode> inode) {
    if (parts.empty()) return replace_attributes(root_, *inode, "the root");
    Inode& directory = directory_at(parts.first(parts.size() - 1));
    std::shared_ptr<Inode>& known = slot(directory, parts.back());
    if (known && known->type == Type::kDirectory) {
      replace_attributes(*known, *inode, joined(parts));
    } else {
      known = std::move(inode);
    }
  }

  // Sorts all directories and counts every file's names.
  void finish() {
    indices_.clear();
    std::vector<Inode*> left = {&root_};
    while (!left.empty()) {
      Inode& directory = *left.back();
      left.pop_back();
      std::ranges::sort(directory.entries, {}, &Entry::name);
      for (Entry& entry : directory.entries) {
        if (entry.inode->type == Type::kDirectory) {
          left.push_back(entry.inode.get());
        } else {
          entry.inode->links = ++names_[entry.inode.get()];
        }
      }
    }
  }

 private:
  using Index = std::unordered_map<std::string, std::size_t>;

  static void replace_attributes(Inode& known, Inode& given, const std::string& path) {
    if (given.type != Type::kDirectory) {
      throw base::Error("cannot pack", path,
                        "it is a directory and another file in the tar file");
    }
    given.entries = std::move(known.entries);
    known = std::move(given);
  }

  // Where a directory has the name; empty if it is new.
  std::shared_ptr<Inode>& slot(Inode& directory, const std::string& name) {
    const auto [at, is_new] =
        indices_[&directory].try_emplace(name, directory.entries.size());
    if (is_new) directory.entries.push_back({name, nullptr});
    return directory.entries[at->second].inode;
  }

  // Makes those that are not there yet.
  Inode& directory_at(std::span<const std::string> parts) {
    Inode* directory = &root_;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::shared_ptr<Inode>& below = slot(*directory, parts[i]);
      if (!below) below = std::make_shared<Inode>();
      if (below->type != Type::kDirectory) {
        throw base::Error("cannot pack", joined(parts.first(i + 1)),
                          "the tar file has something below it, and it is no directory");
      }
      directory = below.get();
    }
    return *directory;
  }

  Inode& root_;
  std::unordered_map<const Inode*, Index> indices_;
  std::unordered_map<const Inode*, std::uint32_t> names_;
};

// One reading of a stream.
class TarReader {
 public:
  TarReader(int fd, const std::filesystem::path& name, const ScanOptions& options)
      : stream_(fd, name),
        options_(options),
        excluded_(options.excluded,
                  [this](const std::string& pattern) {
                    if (options_.findings)
                      options_.findings->used_patterns.insert(pattern);
                  }),
        spool_(std::make_shared<const base::Fd>(base::open_temporary_file())),
        growth_(tar_.tree.root()) {}

  Tar read() {
    while (std::optional<TarMember> member = stream_.next(options_.xattrs)) {
      if (options_.meanwhile) options_.meanwhile();
      take(*member);
    }
    stream_.drain(options_.meanwhile);
    for (Link& link : later_) resolve(link);
    growth_.finish();
    return std::move(tar_);
  }

 private:
  // A name of a file that had none yet.
  struct Link {
    std::vector<std::string> parts;
    std::vector<std::string> target;
    std::shared_ptr<Inode> own;  // if it brought content of its own
  };

  void take(TarMember& member) {
    std::vector<std::string> parts = parts_of(member.path);
    if (member.warning) note(*member.warning, member.path);
    if (member.linked) return take_link(member, std::move(parts));
    if (member.inode->type == Type::kSymlink && member.inode->target.empty()) {
      throw base::Error("cannot pack", member.path, "it is a symlink to nothing");
    }
    if (member.inode->type == Type::kRegular) add_content(member);
    if (is_excluded(parts)) {
      // It may have another name.
      hidden_[joined(parts)] = member.inode;
      return;
    }
    if (member.has_acl && options_.xattrs) note_acl(parts);
    growth_.put(parts, std::move(member.inode));
  }

  void take_link(TarMember& member, std::vector<std::string> parts) {
    Link link{std::move(parts), parts_of(*member.linked), nullptr};
    if (is_excluded(link.parts)) return;
    if (const auto target = find(link.target)) return put_link(link, target);
    if (member.size > 0) {
      add_content(member);
      link.own = member.inode;
    }
    later_.push_back(std::move(link));
  }

  [[nodiscard]] std::shared_ptr<Inode> find(const std::vector<std::string>& parts) const {
    if (auto found = growth_.find(parts)) return found;
    const auto hidden = hidden_.find(joined(parts));
    return hidden == hidden_.end() ? nullptr : hidden->second;
  }

  void put_link(const Link& link, const std::shared_ptr<Inode>& target) {
    if (target->type == Type::kDirectory) {
      throw base::Error("cannot pack", joined(link.parts),
                        "in the tar file it is another name of a directory");
    }
    growth_.put(link.parts, target);
  }

  void resolve(Link& link) {
    auto target = find(link.target);
    if (!target) target = std::move(link.own);
    if (!target) {
      throw base::Error("cannot pack", joined(link.parts),
                        "it is another name of " + base::printable(joined(link.target)) +
                            ", which the tar file does not have");
    }
    put_link(link, target);
  }

  // Whether it or a directory above it is left out.
  bool is_excluded(std::span<const std::string> parts) {
    if (options_.excluded.empty()) return false;
    std::string path;
    for (const std::string& part : parts) {
      path += (path.empty() ? "" : "/") + part;
      if (excluded_.matches(part, path)) return true;
    }
    return false;
  }

  // Behind that of the other files. Holes stay holes.
  void add_content(const TarMember& member) {
    const std::uint64_t begin = end_;
    constexpr auto kMax = static_cast<std::uint64_t>(INT64_MAX);
    if (member.size > kMax - begin) {
      throw base::Error("cannot pack", member.path, "it is too large");
    }
    stream_.read_content(
        member.size, [&](std::uint64_t offset, std::span<const std::byte> bytes) {
          if (options_.meanwhile) options_.meanwhile();
          base::write_at(spool_->get(), begin + offset, bytes, "the temporary file");
        });
    end_ = begin + member.size;
    if (::ftruncate(spool_->get(), static_cast<off_t>(end_)) != 0) {
      base::throw_errno("cannot write", "the temporary file");
    }
    member.inode->content = Part{spool_, begin, member.size};
  }

  void note(const std::string& warning, const std::string& path) {
    constexpr std::size_t kMaxTold = 10;
    if (tar_.warnings.size() == kMaxTold) return;
    tar_.warnings.push_back("not all is kept of: " + base::printable(path) + ": " +
                            base::printable(warning));
  }

  void note_acl(std::span<const std::string> parts) const {
    if (options_.findings == nullptr) return;
    ++options_.findings->files_with_acls;
    auto& named = options_.findings->named_with_acls;
    if (named.size() < ScanFindings::kMaxNamed) named.emplace_back(joined(parts));
  }

  TarStream stream_;
  const ScanOptions& options_;
  Exclusion excluded_;
  std::shared_ptr<const base::Fd> spool_;
  std::uint64_t end_ = 0;  // of what is in it
  Tar tar_;
  Growth growth_;
  std::vector<Link> later_;
  std::unordered_map<std::string, std::shared_ptr<Inode>> hidden_;  // excluded files
};

}  // namespace

Tar read_tar(int fd, const std::filesystem::path& name, const ScanOptions& options) {
  return TarReader(fd, name, options).read();
}

}  // namespace xar::tree
