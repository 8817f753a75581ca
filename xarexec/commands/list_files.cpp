// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/list_files.hpp"

#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {
namespace {

// As ls -l shows them: type, three times rwx, and the special bits in their places.
std::string permissions(mode_t mode) {
  constexpr std::string_view kTypes = "?pc?d?b?-?l?s???";
  std::string text = "?rwxrwxrwx";
  text[0] = kTypes[(mode & S_IFMT) >> 12];
  for (unsigned i = 0; i < 9; ++i) {
    if ((mode & (0400u >> i)) == 0) text[i + 1] = '-';
  }
  const auto special = [&](mode_t bit, std::size_t at, char with, char without) {
    if ((mode & bit) != 0) text[at] = text[at] == 'x' ? with : without;
  };
  special(S_ISUID, 3, 's', 'S');
  special(S_ISGID, 6, 's', 'S');
  special(S_ISVTX, 9, 't', 'T');
  return text;
}

std::string size_or_device(const struct stat& status) {
  if (!S_ISBLK(status.st_mode) && !S_ISCHR(status.st_mode)) {
    return std::to_string(S_ISDIR(status.st_mode) ? 0 : status.st_size);
  }
  return std::to_string(major(status.st_rdev)) + ", " +
         std::to_string(minor(status.st_rdev));
}

class Listing {
 public:
  explicit Listing(const image::Image& image, bool long_format)
      : image_(image), long_(long_format), terminal_(::isatty(STDOUT_FILENO) == 1) {}

  void print(const inspect::Node& node, std::string_view name) const {
    if (!long_) return print_line(shown(name));
    const struct stat& status = node.status;
    std::array<char, 32> time{};
    const std::tm* local = std::localtime(&status.st_mtim.tv_sec);
    std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M", local);
    std::array<char, 96> front{};
    std::snprintf(front.data(), front.size(), "%s %3lu %5u %5u %10s %s ",
                  permissions(status.st_mode).c_str(),
                  static_cast<unsigned long>(status.st_nlink), status.st_uid,
                  status.st_gid, size_or_device(status).c_str(), time.data());
    std::string line = front.data() + shown(name);
    if (S_ISLNK(status.st_mode)) line += " -> " + shown(inspect::read_link(image_, node));
    print_line(line);
  }

 private:
  // Other programs get a name's bytes as they are.
  [[nodiscard]] std::string shown(std::string_view name) const {
    return terminal_ ? base::printable(name) : std::string(name);
  }

  const image::Image& image_;
  bool long_;
  bool terminal_;
};

}  // namespace

void ListFiles::describe(cli::OptionSet& options) {
  options.flag("-l,--long", long_format,
               "Also show types, permissions, owners, sizes, times and links' targets");
  options.flag("-R,--recursive", recursive, "List what is below, too, by its paths");
  options.operand("FILE", file, "The archive");
  options.optional_operand("PATH", path, "A directory or file in it");
}

int ListFiles::run() const {
  const inspect::Archive archive = open_to_inspect(file);
  const inspect::Node from = inspect::find(archive.image, path.value_or(""), false);
  const Listing listing(archive.image, long_format);
  if (!S_ISDIR(from.status.st_mode)) {
    listing.print(from, from.path);
  } else if (recursive) {
    inspect::walk(archive.image, from, [&](const inspect::Node& node) {
      if (node.path != from.path) listing.print(node, node.path);
    });
  } else {
    for (const inspect::Node& node : inspect::children(archive.image, from))
      listing.print(node, node.entry.name);
  }
  return 0;
}

}  // namespace xar::xarexec
