// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/list_files.hpp"

#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>

#include "xar/base/error.hpp"
#include "xar/base/json.hpp"
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

// As ls -h shows them: "982", "4.1K", "12M".
std::string short_size(std::uint64_t bytes) {
  constexpr std::string_view kUnits = "KMGTPE";
  if (bytes < 1024) return std::to_string(bytes);
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1023.5; ++unit) value /= 1024;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), value < 9.95 ? "%.1f%c" : "%.0f%c", value,
                kUnits[unit]);
  return text.data();
}

bool is_device(const struct stat& status) {
  return S_ISBLK(status.st_mode) || S_ISCHR(status.st_mode);
}

std::string size_or_device(const struct stat& status, bool human) {
  if (is_device(status)) {
    return std::to_string(major(status.st_rdev)) + ", " +
           std::to_string(minor(status.st_rdev));
  }
  const auto size =
      S_ISDIR(status.st_mode) ? 0 : static_cast<std::uint64_t>(status.st_size);
  return human ? short_size(size) : std::to_string(size);
}

const char* type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return "directory";
    case S_IFREG:
      return "file";
    case S_IFLNK:
      return "symlink";
    case S_IFBLK:
      return "block device";
    case S_IFCHR:
      return "character device";
    case S_IFIFO:
      return "pipe";
    default:
      return "socket";
  }
}

std::string json_of(const image::Image& image, const inspect::Node& node) {
  const struct stat& status = node.status;
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", status.st_mode & 07777u);
  base::JsonObject object;
  object.text("path", node.path)
      .text("type", type_of(status.st_mode))
      .text("mode", mode.data())
      .number("links", status.st_nlink)
      .number("uid", status.st_uid)
      .number("gid", status.st_gid);
  if (is_device(status)) {
    object.number("major", major(status.st_rdev)).number("minor", minor(status.st_rdev));
  } else if (!S_ISDIR(status.st_mode)) {
    object.number("size", status.st_size);
  }
  object.number("mtime", status.st_mtim.tv_sec);
  if (S_ISLNK(status.st_mode)) object.text("target", inspect::read_link(image, node));
  return object.str();
}

class Listing {
 public:
  Listing(const image::Image& image, const ListFiles& how)
      : image_(image),
        how_(how),
        terminal_(::isatty(STDOUT_FILENO) == 1),
        color_(how.color.is_on(STDOUT_FILENO)) {}

  void print(const inspect::Node& node, std::string_view name) {
    if (how_.json) {
      xarexec::print((first_ ? "[" : ",\n") + json_of(image_, node));
    } else {
      print_line(how_.long_format ? long_line(node, name) : painted(node, name));
    }
    first_ = false;
  }

  void end() const {
    if (how_.json) print_line(first_ ? "[]" : "]");
  }

 private:
  [[nodiscard]] std::string long_line(const inspect::Node& node,
                                      std::string_view name) const {
    const struct stat& status = node.status;
    std::array<char, 32> time{};
    const std::tm* local = std::localtime(&status.st_mtim.tv_sec);
    std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M", local);
    std::array<char, 96> front{};
    std::snprintf(front.data(), front.size(),
                  how_.human ? "%s %3lu %5u %5u %5s %s " : "%s %3lu %5u %5u %10s %s ",
                  permissions(status.st_mode).c_str(),
                  static_cast<unsigned long>(status.st_nlink), status.st_uid,
                  status.st_gid, size_or_device(status, how_.human).c_str(), time.data());
    std::string line = front.data() + painted(node, name);
    if (S_ISLNK(status.st_mode)) line += " -> " + shown(inspect::read_link(image_, node));
    return line;
  }

  // Other programs get a name's bytes as they are.
  [[nodiscard]] std::string shown(std::string_view name) const {
    return terminal_ ? base::printable(name) : std::string(name);
  }

  // In the colours of ls.
  [[nodiscard]] std::string painted(const inspect::Node& node,
                                    std::string_view name) const {
    const mode_t mode = node.status.st_mode;
    if (S_ISDIR(mode)) return cli::painted(color_, cli::Color::kBlue, shown(name));
    if (S_ISLNK(mode)) return cli::painted(color_, cli::Color::kCyan, shown(name));
    const bool executable = S_ISREG(mode) && (mode & 0111) != 0;
    return cli::painted(color_ && executable, cli::Color::kGreen, shown(name));
  }

  const image::Image& image_;
  const ListFiles& how_;
  bool terminal_;
  bool color_;
  bool first_ = true;
};

}  // namespace

void ListFiles::describe(cli::OptionSet& options) {
  options.flag("-l,--long", long_format,
               "Also show types, permissions, owners, sizes, times and links' targets");
  options.flag("-h,--human", human, "With --long: sizes as 4.1K or 12M");
  options.flag("-R,--recursive", recursive, "List what is below, too, by its paths");
  options.flag("--json", json, "Print an array of objects, with all that --long shows");
  color.add_to(options);
  options.operand("FILE", file, "The archive");
  options.optional_operand("PATH", path, "A directory or file in it");
}

int ListFiles::run() const {
  const inspect::Archive archive = open_to_inspect(file);
  const inspect::Node from = inspect::find(archive.image, path.value_or(""), false);
  Listing listing(archive.image, *this);
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
  listing.end();
  return 0;
}

}  // namespace xar::xarexec
