// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/clean.hpp"

#include <charconv>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/blocks.hpp"
#include "xar/cache.hpp"
#include "xar/cli/run.hpp"
#include "xar/mount/clean.hpp"
#include "xar/mount/list.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {
namespace {

std::uint64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 604800;
    default:
      return 0;
  }
}

// "90", in seconds, or "30m", "12h", "7d".
std::uint64_t parse_age(const std::string& text) {
  std::uint32_t count = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  const std::uint64_t unit = parsed.ptr == end ? 1 : seconds_of(*parsed.ptr);
  if (parsed.ec != std::errc() || unit == 0 || end - parsed.ptr > 1) {
    throw cli::StatusError(cli::kWrongUse, "bad age", text,
                           "expected a number and s, m, h, d or w, as in 12h");
  }
  return count * unit;
}

const char* name_of(mount::Leftover leftover) {
  switch (leftover) {
    case mount::Leftover::kDeadMount:
      return "dead mount";
    case mount::Leftover::kDirectory:
      return "unused directory";
    case mount::Leftover::kLock:
      break;
  }
  return "old lock";
}

// There may be thousands, so only their number is printed.
void clean_blocks(const std::filesystem::path& folder, std::uint64_t older_than,
                  bool dry_run, const std::string& verb) {
  if (!folder.is_absolute()) return;
  std::uint64_t count = 0;
  blocks::clean(folder, older_than, dry_run, [&](const auto&) { ++count; });
  if (count == 0) return;
  print_line(verb + std::to_string(count) +
             " cached blocks: " + base::printable(folder.native()));
}

// A location that is not there, or not safe to use, holds nothing of this user's.
void clean_location(const cache::Location& location, const cache::Cleaning& cleaning,
                    const std::string& verb) {
  try {
    cache::clean(location, cleaning, [&](const auto& directory) {
      print_line(verb + "unpacked archive: " + base::printable(directory.native()));
    });
  } catch (const base::Error&) {
    return;
  }
}

}  // namespace

void Clean::describe(cli::OptionSet& options) {
  options.value("--older-than", older_than, "AGE",
                "Only what nobody has launched for so long, as in 90s, 12h or 7d; a day "
                "unless given, 30 for what is cached");
  options.flag("-n,--dry-run", dry_run, "Say what would be removed, remove nothing");
  options.values("--root", roots, "DIR",
                 "Look in this mount root, too, as some archives name their own");
}

int Clean::run() const {
  mount::MountContext context = read_mount_context();
  for (const std::string& root : roots) {
    std::error_code failed;
    context.roots.push_back(std::filesystem::absolute(root, failed));
    if (failed) throw base::SystemError(failed.value(), "cannot look in", root);
  }
  mount::Cleaning cleaning;
  if (older_than) cleaning.older_than = parse_age(*older_than);
  cleaning.dry_run = dry_run;
  const std::string verb = dry_run ? "would remove " : "removed ";
  mount::clean(context, cleaning, [&](mount::Leftover leftover, const auto& path) {
    print_line(verb + name_of(leftover) + ": " + base::printable(path.native()));
  });
  cache::Cleaning unpacked;
  if (older_than) unpacked.older_than = cleaning.older_than;
  clean_blocks(read_block_cache_folder(), unpacked.older_than, dry_run, verb);
  unpacked.dry_run = dry_run;
  unpacked.is_used = mount::is_in_use;
  for (const cache::Location& location : read_cache_locations(context.roots)) {
    clean_location(location, unpacked, verb);
  }
  return 0;
}

}  // namespace xar::xarexec
