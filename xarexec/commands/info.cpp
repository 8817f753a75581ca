// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/info.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <unordered_set>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/json.hpp"
#include "xar/base/number.hpp"
#include "xar/base/progress.hpp"
#include "xar/cache.hpp"
#include "xar/elf.hpp"
#include "xar/inspect.hpp"
#include "xar/mount/list.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/directory.hpp"
#include "xarexec/output.hpp"
#include "xarexec/python_facts.hpp"

namespace xar::xarexec {
namespace {

// How many names of which kind, and how much content.
struct Contents {
  base::EntryCounts entries;  // the root aside
  std::uint64_t bytes = 0;    // hard links counted once
};

Contents count(const image::Image& image) {
  Contents contents;
  std::unordered_set<image::InodeReference> linked;
  const inspect::Node root = inspect::find(image, "", false);
  inspect::walk(image, root, [&](const inspect::Node& node) {
    const struct stat& status = node.status;
    if (node.path.empty()) return;
    contents.entries.add(status.st_mode);
    if (!S_ISREG(status.st_mode)) return;
    if (status.st_nlink > 1 && !linked.insert(node.entry.inode).second) return;
    contents.bytes += static_cast<std::uint64_t>(status.st_size);
  });
  return contents;
}

std::string date(std::time_t time) {
  std::tm utc{};
  std::array<char, 40> text{};
  if (::gmtime_r(&time, &utc) == nullptr) return "";
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc);
  return text.data();
}

// A version is seconds since 1970 where we write it, and any text elsewhere.
std::string shown_version(const std::string& version) {
  const auto time = base::parse_number<std::time_t>(version);
  return time ? version + " (" + date(*time) + ")" : version;
}

void print_row(const char* name, const std::string& value) {
  if (value.empty()) return;
  std::array<char, 24> label{};
  std::snprintf(label.data(), label.size(), "%-12s  ", name);
  print_line(label.data() + base::printable(value));
}

// Nothing where the image's tables make it larger than what is in it.
std::string shown_ratio(double ratio) {
  if (ratio > 1) return {};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ", packed to %.1f%%", ratio * 100);
  return text.data();
}

// For which machine the launcher in front of a standalone archive is.
std::string machine_of(const inspect::Archive& archive) {
  base::Bytes front(elf::kFrontSize);
  front.resize(base::read_at(archive.fd.get(), 0, front, archive.path));
  return elf::machine_of(front);
}

std::string shown_form(const inspect::Archive& archive) {
  const std::uint64_t size = archive.header.position;
  if (size == 0) return "no: " + archive.header.launcher + " starts it";
  return "yes, with a launcher of " + base::human_size(size) + " for " +
         machine_of(archive);
}

std::string shown_python(const PythonFacts& facts) {
  return facts.implementation + " " + facts.version + " (" + facts.bytecode +
         (facts.bundled ? "), inside" : ")") +
         (facts.extensions ? ", extension modules " + *facts.extensions : "");
}

double ratio(const inspect::Archive& archive, const Contents& contents) {
  if (contents.bytes == 0) return 1;
  const std::uint64_t packed = archive.size - archive.header.position;
  return static_cast<double>(packed) / static_cast<double>(contents.bytes);
}

// Where a launch by this user has unpacked it.
std::optional<std::string> unpacked_at(const inspect::Archive& archive) {
  const mount::Archive identified =
      mount::identify(archive.path, archive.fd.get(), archive.header);
  const cache::Source source = {archive.path, archive.fd.get(), archive.header,
                                identified.identity};
  for (const cache::Location& location :
       cache_locations_for(archive.header, mount::MountContext().roots)) {
    try {
      if (const auto at = cache::directory_of(location, source)) return at->native();
    } catch (const base::Error&) {
      continue;
    }
  }
  return std::nullopt;
}

void print_text(const inspect::Archive& archive, const Contents& contents) {
  const header::Header& header = archive.header;
  const image::Image& image = archive.image;
  print_row("File", archive.path.native() + ", " + base::human_size(archive.size));
  print_row("Runs", header.target.value_or("nothing: it is only for mounting"));
  if (const auto python = read_python_facts(image)) {
    print_row("Entry point", python->entry_point.value_or(""));
    print_row("Python", shown_python(*python));
  }
  print_row("Standalone", shown_form(archive));
  print_row("Version", shown_version(header.version));
  print_row("UUID", header.uuid);
  print_row("SHA-256", header.image_sha256.value_or("none"));
  print_row("Mount root", header.mount_root.value_or(""));
  print_row("Unpacked in", unpacked_at(archive).value_or(""));
  for (const auto& [name, value] : header.others) print_row(name.c_str(), value);
  print_row("Image", std::string(image.compression()) + ", blocks of " +
                         base::human_size(image.statistics().f_bsize) + ", " +
                         base::human_size(image.bytes_used()) + " at byte " +
                         std::to_string(header.offset) + ", made " +
                         date(image.created()));
  print_row("Contents", base::shown(contents.entries) + "; " +
                            base::human_size(contents.bytes) +
                            shown_ratio(ratio(archive, contents)));
}

void add_optional(base::JsonObject& object, const char* name,
                  const std::optional<std::string>& value) {
  if (value) {
    object.text(name, *value);
  } else {
    object.null(name);
  }
}

void add_python(base::JsonObject& object, const image::Image& image) {
  const auto facts = read_python_facts(image);
  if (!facts) {
    object.null("python");
    return;
  }
  base::JsonObject python;
  python.text("implementation", facts->implementation)
      .text("version", facts->version)
      .text("bytecode", facts->bytecode);
  add_optional(python, "extensions", facts->extensions);
  add_optional(python, "entry_point", facts->entry_point);
  python.boolean("bundled", facts->bundled);
  object.object("python", python);
}

std::string json_of(const inspect::Archive& archive, const Contents& contents) {
  const header::Header& header = archive.header;
  base::JsonObject head;
  head.text("launcher", header.launcher)
      .number("position", header.position)
      .number("offset", header.offset)
      .text("uuid", header.uuid)
      .text("version", header.version);
  add_optional(head, "image_sha256", header.image_sha256);
  add_optional(head, "mount_root", header.mount_root);
  add_optional(head, "target", header.target);
  base::JsonObject others;
  for (const auto& [name, value] : header.others) others.text(name, value);
  head.object("others", others);

  base::JsonObject image;
  image.text("compression", archive.image.compression())
      .number("block_size", archive.image.statistics().f_bsize)
      .number("inodes", archive.image.statistics().f_files)
      .number("bytes", archive.image.bytes_used())
      .number("created", archive.image.created());

  base::JsonObject inside;
  inside.number("files", contents.entries.files)
      .number("directories", contents.entries.directories)
      .number("symlinks", contents.entries.symlinks)
      .number("others", contents.entries.others)
      .number("bytes", contents.bytes)
      .raw("ratio", std::to_string(ratio(archive, contents)));

  const bool standalone = header.position != 0;
  base::JsonObject all;
  all.text("file", archive.path.native())
      .number("bytes", archive.size)
      .boolean("standalone", standalone);
  if (standalone) all.text("machine", machine_of(archive));
  all.object("header", head).object("image", image).object("contents", inside);
  add_python(all, archive.image);
  add_optional(all, "unpacked", unpacked_at(archive));
  return all.str();
}

}  // namespace

void Info::describe(cli::OptionSet& options) {
  options.flag("--json", json, "Print it as JSON");
  options.operand("FILE", file, "The archive");
}

int Info::run() const {
  const inspect::Archive archive = open_to_inspect(file);
  const Contents contents = count(archive.image);
  if (json) {
    print_line(json_of(archive, contents));
  } else {
    print_text(archive, contents);
  }
  return 0;
}

}  // namespace xar::xarexec
