// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/clean.hpp"

#include <charconv>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/cache.hpp"
#include "xar/mount.hpp"
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
    throw base::Error("bad age", text, "expected a number and s, m, h, d or w, as in 12h",
                      cli::kWrongUse);
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
      return "old lock";
    case mount::Leftover::kCached:
      break;
  }
  return "cached block";
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
  mount::Surroundings surroundings = read_surroundings();
  for (const std::string& root : roots) {
    std::error_code failed;
    surroundings.roots.push_back(std::filesystem::absolute(root, failed));
    if (failed) throw base::SystemError(failed.value(), "cannot look in", root);
  }
  mount::Cleaning cleaning;
  if (older_than) {
    cleaning.older_than = cleaning.cached_older_than = parse_age(*older_than);
  }
  cleaning.cache = read_block_cache_folder();
  cleaning.dry_run = dry_run;
  const std::string verb = dry_run ? "would remove " : "removed ";
  // Of cached blocks there may be thousands.
  std::uint64_t cached = 0;
  mount::clean(surroundings, cleaning, [&](mount::Leftover leftover, const auto& path) {
    if (leftover == mount::Leftover::kCached) {
      ++cached;
      return;
    }
    print_line(verb + name_of(leftover) + ": " + base::printable(path.native()));
  });
  if (cached > 0) {
    print_line(verb + std::to_string(cached) +
               " cached blocks: " + base::printable(cleaning.cache.native()));
  }
  cache::Cleaning unpacked;
  if (older_than) unpacked.older_than = cleaning.older_than;
  unpacked.dry_run = dry_run;
  unpacked.is_used = mount::is_in_use;
  for (const cache::Location& location : read_cache_locations(surroundings.roots)) {
    clean_location(location, unpacked, verb);
  }
  return 0;
}

}  // namespace xar::xarexec
