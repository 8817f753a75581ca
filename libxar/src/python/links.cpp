// SPDX-License-Identifier: BSD-2-Clause
#include "python/links.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "xar/base/error.hpp"

namespace xar::python {
namespace {

namespace fs = std::filesystem;

// Whether `path` is `folder` or below it; both are absolute and normalised.
bool is_inside(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

bool is_of_kernel(const fs::path& path) {
  constexpr std::array<std::string_view, 4> kFolders = {"/dev", "/proc", "/run", "/sys"};
  return std::ranges::any_of(
      kFolders, [&](std::string_view folder) { return is_inside(path, folder); });
}

// Where a symlink in the directory leads, as far as the text says.
fs::path written_target(const fs::path& directory, const std::string& target) {
  return (directory / target).lexically_normal();
}

class Replacer {
 public:
  Replacer(const tree::ScanOptions& options, std::vector<std::string>& warnings)
      : options_(options), warnings_(warnings) {}

  // Replaces the links in what was scanned from `folder`, which is canonical.
  void replace(tree::Inode& root, const fs::path& folder) {
    folders_.push_back(folder);
    std::vector<std::pair<tree::Inode*, fs::path>> left = {{&root, folder}};
    while (!left.empty()) {
      const auto [directory, path] = std::move(left.back());
      left.pop_back();
      for (tree::Entry& entry : directory->entries) {
        if (entry.inode->type == tree::Type::kDirectory) {
          left.emplace_back(entry.inode.get(), path / entry.name);
        } else if (entry.inode->type == tree::Type::kSymlink) {
          replace_link(entry, path);
        }
      }
    }
    folders_.pop_back();
  }

 private:
  void replace_link(tree::Entry& entry, const fs::path& directory) {
    const fs::path target = written_target(directory, entry.inode->target);
    if (is_inside(target, folders_.back())) {
      if (entry.inode->target.starts_with('/')) make_relative(entry, directory, target);
    } else if (!is_of_kernel(target)) {
      follow(entry, directory / entry.name);
    }
  }

  static void make_relative(tree::Entry& entry, const fs::path& directory,
                            const fs::path& target) {
    auto link = std::make_shared<tree::Inode>(*entry.inode);
    link->links = 1;
    link->target = target.lexically_relative(directory).native();
    --entry.inode->links;
    entry.inode = std::move(link);
  }

  void follow(tree::Entry& entry, const fs::path& link) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    if (error) {
      warn("leads nowhere", link, entry.inode->target);
    } else if (fs::is_directory(target)) {
      follow_to_directory(entry, link, target);
    } else if (fs::is_regular_file(target)) {
      entry.inode = tree::scan_file(target, options_);
    } else {
      warn("leads to no file or directory", link, entry.inode->target);
    }
  }

  void follow_to_directory(tree::Entry& entry, const fs::path& link,
                           const fs::path& target) {
    const auto contains = [&](const fs::path& folder) {
      return is_inside(folder, target);
    };
    if (std::ranges::any_of(folders_, contains)) {
      warn("leads to a directory around it", link, entry.inode->target);
      return;
    }
    constexpr std::size_t kDeepest = 16;
    if (folders_.size() > kDeepest) {
      throw base::Error("too many symlinks lead on to", link,
                        "leave it out by --exclude");
    }
    tree::Tree tree = tree::scan(target, options_);
    replace(tree.root(), target);
    entry.inode = std::make_shared<tree::Inode>(std::move(tree.root()));
  }

  // Names a few links; there may be as many as in a tree.
  void warn(std::string_view what, const fs::path& link, const std::string& target) {
    constexpr std::size_t kMaxNamed = 10;
    if (++unfollowed_ == kMaxNamed + 1) {
      warnings_.back() += ", nor what others lead to";
    }
    if (unfollowed_ > kMaxNamed) return;
    warnings_.push_back("the symlink " + std::string(what) + ": " + link.native() + ": " +
                        target + " will not be found in the archive");
  }

  const tree::ScanOptions& options_;
  std::vector<std::string>& warnings_;
  std::size_t unfollowed_ = 0;
  std::vector<fs::path> folders_;  // those that are being scanned, the outermost first
};

// Paths of the links in the tree that lead out of it.
std::vector<std::string> find_links(const tree::Tree& tree) {
  std::vector<std::string> found;
  tree::for_each_entry(tree, [&](const std::string& path, const tree::Entry& entry) {
    if (entry.inode->type != tree::Type::kSymlink) return;
    const fs::path target =
        written_target(fs::path(path).parent_path(), entry.inode->target);
    const bool leads_out = target.is_absolute() || *target.begin() == "..";
    if (leads_out && !is_of_kernel(target)) found.push_back(path);
  });
  return found;
}

}  // namespace

void replace_links(tree::Tree& tree, const fs::path& folder,
                   const tree::ScanOptions& options, std::vector<std::string>& warnings) {
  Replacer(options, warnings).replace(tree.root(), fs::canonical(folder));
}

void report_links(const tree::Tree& tree, const std::string& label,
                  std::vector<std::string>& warnings) {
  const std::vector<std::string> found = find_links(tree);
  if (found.empty()) return;
  const std::string others =
      found.size() > 1 ? " and " + std::to_string(found.size() - 1) + " others" : "";
  warnings.push_back("symlinks lead out of it: " + label + ": " + found.front() + others +
                     " will lead nowhere in the archive");
}

}  // namespace xar::python
