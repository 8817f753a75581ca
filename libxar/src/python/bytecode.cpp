// SPDX-License-Identifier: BSD-2-Clause
#include "python/bytecode.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string_view>

#include "xar/base/file.hpp"

namespace xar::python {
namespace {

namespace fs = std::filesystem;

// What of a file name could be imported.
bool is_importable(std::string_view name) {
  return name.ends_with(".py") || name.ends_with(".pyc") || name.ends_with(".so");
}

bool is_read(std::string_view name) {
  return name.ends_with(".py") || name.ends_with(".pth");
}

// A tree, as build/bytecode.py wants to have it: NUL-terminated pairs of a path in the
// image, that of a directory with a slash behind it, and the path on disk if it is a
// module to compile or a .pth file.
class Listing {
 public:
  explicit Listing(fs::path made) : made_(std::move(made)) {}

  void add_entries(const tree::Inode& directory, const std::string& path) {
    for (const tree::Entry& entry : directory.entries) {
      const std::string below = path + entry.name;
      const tree::Type type = entry.inode->type;
      if (type == tree::Type::kDirectory) {
        add(below + "/", "");
        add_entries(*entry.inode, below + "/");
      } else if (type == tree::Type::kRegular && is_read(entry.name)) {
        add(below, disk_path(entry.inode->content).native());
      } else if (type == tree::Type::kSymlink || is_importable(entry.name)) {
        add(below, "");
      }
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void add(const std::string& path, const std::string& disk) {
    text_ += path;
    text_ += '\0';
    text_ += disk;
    text_ += '\0';
  }

  // The interpreter reads files only.
  fs::path disk_path(const tree::Content& content) {
    if (const auto* file = std::get_if<tree::DiskFile>(&content)) return file->path;
    base::ensure_directory(made_);
    fs::path path = made_ / std::to_string(count_++);
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

std::vector<std::string> read_list(const fs::path& file) {
  constexpr std::size_t kLimit = 64 << 20;
  const std::string text = base::read_text(file, kLimit);
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < text.size(); at = text.find('\0', at) + 1) {
    texts.emplace_back(text.c_str() + at);
  }
  return texts;
}

}  // namespace

Compiled add_bytecode(tree::Tree& tree, const BuildTools& tools,
                      const std::vector<std::string>& started, bool is_whole) {
  Listing listing(tools.folder() / "made");
  listing.add_entries(tree.root(), "");
  const fs::path file = tools.folder() / "entries";
  const base::Fd fd = base::open_file(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
  base::write_at(fd.get(), 0, base::as_bytes(listing.text()), file);

  const fs::path output = tools.folder() / "bytecode";
  const fs::path startup = tools.folder() / "startup";
  const fs::path missing = is_whole ? tools.folder() / "missing" : "";
  base::ensure_directory(output);
  std::vector<std::string> arguments = {file, output, startup, missing};
  arguments.insert(arguments.end(), started.begin(), started.end());
  tools.compile(std::move(arguments));
  tree.merge(tree::scan(output));
  Compiled compiled{read_list(startup), {}};
  if (is_whole) compiled.warnings = read_list(missing);
  return compiled;
}

}  // namespace xar::python
