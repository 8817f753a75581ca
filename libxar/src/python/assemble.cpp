// SPDX-License-Identifier: BSD-2-Clause
#include "python/assemble.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "python/links.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

namespace fs = std::filesystem;

fs::path normalised(const std::string& text) {
  fs::path path = fs::path(text).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// Scans a folder, without what patterns that begin with its label name.
class FolderScan {
 public:
  FolderScan(const Folder& folder, const tree::ScanOptions& options) : options_(options) {
    const std::string label = normalised(folder.label).native() + "/";
    for (const std::string& pattern : options.excluded) {
      const std::string path = normalised(pattern).native();
      if (!path.starts_with(label)) continue;
      // With a slash in front it is held against paths, not against every name.
      given_.emplace(path.substr(label.size() - 1), pattern);
      options_.excluded.push_back(path.substr(label.size() - 1));
    }
  }

  tree::Tree scan(const fs::path& path) {
    tree::Tree tree = tree::scan(path, options_);
    for (const auto& [own, pattern] : given_) {
      if (options_.findings == nullptr) break;
      auto& used = options_.findings->used_patterns;
      if (used.erase(own) > 0) used.insert(pattern);
    }
    return tree;
  }

  [[nodiscard]] const tree::ScanOptions& options() const { return options_; }

 private:
  tree::ScanOptions options_;
  std::map<std::string, std::string> given_;  // by what it is in the folder
};

// Two folders that differ, and in which files.
class Differences {
 public:
  void add(const Folder& kept, const Folder& other, const std::string& path) {
    paths_[{kept.label, other.label}].push_back(path);
  }

  [[nodiscard]] std::vector<std::string> sentences() const {
    std::vector<std::string> sentences;
    for (const auto& [labels, paths] : paths_) {
      const std::size_t rest = paths.size() - 1;
      std::string more;
      if (rest > 0) {
        more =
            " and " + std::to_string(rest) + (rest > 1 ? " other files" : " other file");
      }
      sentences.push_back("two inputs differ in: " + paths.front() + more + ": of " +
                          labels.first + " it is packed, of " + labels.second +
                          " it is not");
    }
    return sentences;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> paths_;
};

// The folder that brought what the tree has at the path.
const Folder& owner_of(const std::string& path, std::span<const Folder> folders) {
  const auto has_it = [&](const Folder& folder) {
    return fs::symlink_status(folder.path / path).type() != fs::file_type::not_found;
  };
  const auto found = std::ranges::find_if(folders, has_it);
  return found != folders.end() ? *found : folders.front();
}

void compare(const Folder& kept, const Folder& other, const std::string& path,
             Differences& differences) {
  if (kept.is_users && other.is_users) {
    const std::string advice = "leave one of them out, for example by --exclude " +
                               (normalised(other.label) / path).native();
    throw base::Error("two inputs differ in", path, advice);
  }
  differences.add(kept, other, path);
}

}  // namespace

tree::Tree assemble(const std::vector<Folder>& folders, const tree::ScanOptions& options,
                    std::vector<std::string>& warnings) {
  tree::Tree tree;
  Differences differences;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const Folder& folder = folders[i];
    FolderScan scan(folder, options);
    tree::Tree scanned = scan.scan(folder.path);
    if (folder.has_links) {
      replace_links(scanned, folder.path, scan.options(), warnings);
    } else {
      report_links(scanned, folder.label, warnings);
    }
    const auto on_difference = [&](const std::string& path) {
      compare(owner_of(path, std::span(folders).first(i)), folder, path, differences);
    };
    tree.merge(std::move(scanned), on_difference, options.meanwhile);
  }
  std::ranges::move(differences.sentences(), std::back_inserter(warnings));
  return tree;
}

}  // namespace xar::python
