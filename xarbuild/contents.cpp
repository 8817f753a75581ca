// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/contents.hpp"

#include <array>
#include <cstdio>
#include <map>
#include <set>

#include "xar/base/entry_counts.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/json.hpp"
#include "xar/base/progress.hpp"

namespace xar::xarbuild {
namespace {

// Which distribution has installed a path, as the RECORD files in the tree say.
using Distributions = std::map<std::string, std::string>;

constexpr std::string_view kRecord = ".dist-info/RECORD";

std::string text_of(const tree::Inode& inode) {
  constexpr std::size_t kMost = 64 << 20;
  if (const auto* text = std::get_if<std::string>(&inode.content)) return *text;
  return base::read_text(std::get<tree::DiskFile>(inode.content).path, kMost);
}

// "black 23.1.0" for "lib/black-23.1.0.dist-info".
std::string name_of_distribution(std::string_view folder) {
  folder.remove_prefix(folder.rfind('/') + 1);
  std::string name(folder);
  if (const std::size_t dash = name.find('-'); dash != name.npos) name[dash] = ' ';
  return name;
}

// Adds what the lines of a RECORD name, "black/__init__.py,sha256=...,123", which are
// relative to the directory of its folder.
void read_record(const std::string& path, const tree::Inode& inode, Distributions& all) {
  const std::string folder = path.substr(0, path.size() - kRecord.size());
  const std::string name = name_of_distribution(folder);
  const std::size_t slash = folder.rfind('/');
  const std::string base = slash == folder.npos ? "" : folder.substr(0, slash + 1);
  const std::string text = text_of(inode);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    const std::string file = line.substr(0, line.rfind(',', line.rfind(',') - 1));
    const auto full = std::filesystem::path(base + file).lexically_normal();
    all.emplace(full.native(), name);
    at = end + 1;
  }
}

Distributions distributions_in(const tree::Tree& tree) {
  Distributions all;
  tree::for_each_entry(tree, [&](const std::string& path, const tree::Entry& entry) {
    if (path.ends_with(kRecord) && entry.inode->type == tree::Type::kRegular) {
      read_record(path, *entry.inode, all);
    }
  });
  return all;
}

// Bytecode goes in because of its source: "a/__pycache__/b.cpython-311.pyc" for "a/b.py".
std::string source_of(const std::string& path) {
  constexpr std::string_view kFolder = "__pycache__/";
  const std::size_t folder = path.rfind(kFolder);
  if (folder == path.npos || !path.ends_with(".pyc")) return path;
  const std::string name = path.substr(folder + kFolder.size());
  return path.substr(0, folder) + name.substr(0, name.find('.')) + ".py";
}

class Contents {
 public:
  Contents(const Options& options, const Input& input)
      : options_(options), input_(input), distributions_(distributions_in(input.tree)) {}

  void add(const std::string& path, const tree::Inode& inode) {
    count(inode.type);
    if (counted_.insert(&inode).second) bytes_ += inode.size();
    options_.json ? add_json(path, inode) : print(path, inode);
  }

  void end(const tree::ScanFindings& findings) const {
    options_.json ? end_json(findings) : print_end(findings);
  }

 private:
  void count(tree::Type type) {
    if (type == tree::Type::kRegular) {
      ++counts_.files;
    } else if (type == tree::Type::kDirectory) {
      ++counts_.directories;
    } else if (type == tree::Type::kSymlink) {
      ++counts_.symlinks;
    } else {
      ++counts_.others;
    }
  }

  // Empty for what the user has named.
  [[nodiscard]] std::string reason(const std::string& path,
                                   const tree::Inode& inode) const {
    if (path == input_.target) return "executed";
    const auto found = distributions_.find(source_of(path));
    if (found != distributions_.end()) return found->second;
    const bool is_made = inode.type == tree::Type::kRegular &&
                         std::holds_alternative<std::string>(inode.content);
    return is_made ? "made by xarbuild" : "";
  }

  void print(const std::string& path, const tree::Inode& inode) const {
    const bool is_directory = inode.type == tree::Type::kDirectory;
    const std::string size =
        inode.type == tree::Type::kRegular ? base::human_size(inode.size()) : "";
    std::string line = base::printable(path) + (is_directory ? "/" : "");
    if (inode.type == tree::Type::kSymlink)
      line += " -> " + base::printable(inode.target);
    const std::string why = reason(path, inode);
    if (!why.empty()) line += "  (" + base::printable(why) + ")";
    std::printf("%10s  %s\n", size.c_str(), line.c_str());
  }

  void add_json(const std::string& path, const tree::Inode& inode) {
    constexpr std::array kTypes = {"directory",        "file", "symlink", "block device",
                                   "character device", "pipe", "socket"};
    base::JsonObject object;
    object.text("path", path).text("type", kTypes[static_cast<std::size_t>(inode.type)]);
    if (inode.type == tree::Type::kRegular) object.number("bytes", inode.size());
    if (inode.type == tree::Type::kSymlink) object.text("target", inode.target);
    const std::string why = reason(path, inode);
    if (!why.empty()) object.text("reason", why);
    entries_.push_back(object.str());
  }

  void print_end(const tree::ScanFindings& findings) const {
    const std::string output =
        options_.output.empty() ? "" : base::printable(options_.output.native()) + ": ";
    std::printf("%snot written: %s, %s before compression\n", output.c_str(),
                base::shown(counts_).c_str(), base::human_size(bytes_).c_str());
    if (findings.used_patterns.empty()) return;
    std::string patterns;
    for (const std::string& pattern : findings.used_patterns) {
      (patterns += patterns.empty() ? "" : ", ") += pattern;
    }
    std::printf("left out by pattern: %s\n", base::printable(patterns).c_str());
  }

  void end_json(const tree::ScanFindings& findings) const {
    std::vector<std::string> patterns;
    for (const std::string& pattern : findings.used_patterns) {
      patterns.push_back(base::json_string(pattern));
    }
    base::JsonObject object;
    object.text("output", options_.output.native())
        .boolean("dry_run", true)
        .number("files", counts_.files)
        .number("directories", counts_.directories)
        .number("symlinks", counts_.symlinks)
        .number("others", counts_.others)
        .number("content_bytes", bytes_);
    if (input_.target) object.text("target", *input_.target);
    object.raw("used_patterns", base::json_array(patterns))
        .raw("entries", base::json_array(entries_));
    std::printf("%s\n", object.str().c_str());
  }

  const Options& options_;
  const Input& input_;
  Distributions distributions_;
  std::set<const tree::Inode*> counted_;
  std::vector<std::string> entries_;
  base::EntryCounts counts_;
  std::uint64_t bytes_ = 0;  // hard links counted once
};

}  // namespace

void print_contents(const Options& options, const Input& input,
                    const tree::ScanFindings& findings) {
  Contents contents(options, input);
  tree::for_each_entry(input.tree,
                       [&](const std::string& path, const tree::Entry& entry) {
                         contents.add(path, *entry.inode);
                       });
  contents.end(findings);
}

}  // namespace xar::xarbuild
