// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/survey.hpp"

#include <sys/sysmacros.h>

#include <string>
#include <unordered_set>

#include "squashfs/format.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= format::kMaxName && name != "." &&
         name != ".." && name.find('/') == name.npos && name.find('\0') == name.npos;
}

class Surveyor {
 public:
  explicit Surveyor(std::uint32_t block_size) : block_size_(block_size) {}

  Survey survey(const tree::Tree& tree, const std::function<void()>& tick) {
    require_storable(tree.root(), ".");
    tree::for_each_entry(tree, [&](const std::string& path, const tree::Entry& entry) {
      tick();
      add(path, entry);
    });
    return std::move(survey_);
  }

 private:
  void add(const std::string& path, const tree::Entry& entry) {
    if (!is_name(entry.name)) refuse(path, "its name is not one of a file");
    require_storable(*entry.inode, path);
    count(entry.inode->type);
    if (entry.inode->type == tree::Type::kRegular) add_file(*entry.inode, path);
  }

  void count(tree::Type type) {
    base::EntryCounts& entries = survey_.entries;
    switch (type) {
      case tree::Type::kRegular:
        ++entries.files;
        return;
      case tree::Type::kDirectory:
        ++entries.directories;
        return;
      case tree::Type::kSymlink:
        ++entries.symlinks;
        return;
      default:
        ++entries.others;
    }
  }

  void add_file(const tree::Inode& file, const std::string& path) {
    if (file.links > 1 && !with_several_names_.insert(&file).second) return;
    survey_.files.push_back({&file, path});
    survey_.content_bytes += file.size();
  }

  void require_storable(const tree::Inode& inode, const std::string& path) const {
    if (inode.mtime < 0 || inode.mtime > UINT32_MAX) {
      refuse(path, "its modification time is not between 1970 and 2106: touch it");
    }
    switch (inode.type) {
      case tree::Type::kRegular:
        if (inode.size() / block_size_ <= format::kMaxBlocks) return;
        return refuse(path, "it is too large: use larger blocks or leave it out");
      case tree::Type::kSymlink:
        if (!inode.target.empty() && inode.target.size() <= format::kMaxTarget) return;
        return refuse(path, "its target is not 1 to 4095 bytes long: link elsewhere");
      case tree::Type::kBlockDevice:
      case tree::Type::kCharDevice:
        if (::major(inode.device) <= format::kMaxMajor &&
            ::minor(inode.device) <= format::kMaxMinor) {
          return;
        }
        return refuse(path, "its device number is too large: leave it out");
      default:
        return;
    }
  }

  [[noreturn]] static void refuse(const std::string& path, std::string_view advice) {
    throw base::Error("cannot pack", path, advice);
  }

  std::uint32_t block_size_;
  Survey survey_;
  std::unordered_set<const tree::Inode*> with_several_names_;
};

}  // namespace

Survey survey(const tree::Tree& tree, std::uint32_t block_size,
              const std::function<void()>& tick) {
  return Surveyor(block_size).survey(tree, tick);
}

}  // namespace xar::squashfs
