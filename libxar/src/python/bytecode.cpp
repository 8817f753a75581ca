// SPDX-License-Identifier: BSD-2-Clause
#include "python/bytecode.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "xar/base/file.hpp"

namespace xar::python {
namespace {

namespace fs = std::filesystem;

// The modules of a tree, as build/bytecode.py wants to have them: NUL-terminated pairs
// of the path in the image and the path on disk.
class Listing {
 public:
  explicit Listing(fs::path made) : made_(std::move(made)) {}

  void add_modules(const tree::Inode& directory, const std::string& path) {
    for (const tree::Entry& entry : directory.entries) {
      const std::string below = path + entry.name;
      if (entry.inode->type == tree::Type::kDirectory) {
        add_modules(*entry.inode, below + "/");
      } else if (entry.inode->type == tree::Type::kRegular &&
                 entry.name.ends_with(".py")) {
        add(below, entry.inode->content);
      }
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void add(const std::string& path, const tree::Content& content) {
    text_ += path;
    text_ += '\0';
    text_ += disk_path(content).native();
    text_ += '\0';
  }

  // The interpreter reads files only.
  fs::path disk_path(const tree::Content& content) {
    if (const auto* file = std::get_if<tree::DiskFile>(&content)) return file->path;
    fs::create_directories(made_);
    const fs::path path = made_ / std::to_string(count_++);
    const base::Fd fd = base::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    base::write_at(fd.get(), 0, base::as_bytes(std::get<std::string>(content)), path);
    // As old as everything else that is made by us.
    const timespec times[2] = {{0, 0}, {0, 0}};
    ::futimens(fd.get(), times);
    return path;
  }

  fs::path made_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

void add_bytecode(tree::Tree& tree, const Workshop& workshop) {
  Listing listing(workshop.folder() / "made");
  listing.add_modules(tree.root(), "");
  const fs::path file = workshop.folder() / "modules";
  const base::Fd fd = base::open_file(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
  base::write_at(fd.get(), 0, base::as_bytes(listing.text()), file);

  const fs::path output = workshop.folder() / "bytecode";
  workshop.compile(file, output);
  tree.merge(tree::scan(output));
}

}  // namespace xar::python
