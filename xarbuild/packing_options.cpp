// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/packing_options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "xar/base/user_folders.hpp"
#include "xarbuild/options.hpp"
#include "xarbuild/sort_file.hpp"

namespace xar::xarbuild {
namespace {

// docs/packing.md has what they cost and save.
struct Preset {
  const char* flag;
  int level;
  std::uint64_t block_size;
};
constexpr Preset kFast{"--fast", 3, 128 * 1024};
constexpr Preset kSmall{"--small", 19, 1024 * 1024};

// In the user's own folder for caches; empty for a user who has none.
std::filesystem::path usual_cache_folder() {
  const std::filesystem::path caches =
      base::user_cache_folder(std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"));
  return caches.empty() ? caches : caches / "xar";
}

void apply(const Preset& preset, const CLI::App& used, Options& options) {
  if (used.count(preset.flag) == 0) return;
  if (used.count("--zstd-level") == 0) options.zstd_level = preset.level;
  if (used.count("--block-size") == 0) options.block_size = preset.block_size;
}

void add_effort(CLI::App& command, Options& options) {
  // CLI11 takes a literal for a variable to fill in.
  const std::string for_edits = "For edit loops: --zstd-level 3";
  const std::string for_releases = "For releases: --zstd-level 19 --block-size 1M";
  auto* fast = command.add_flag("--fast", for_edits);
  command.add_flag("--small", for_releases)->excludes(fast);
  command.add_option("--zstd-level", options.zstd_level, "1 (fast) to 22 (small)")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option(
          "--block-size", options.block_size,
          "Bytes compressed together: a power of two, 4K to 1M; 128K unless given")
      ->transform(CLI::AsSizeValue(false))
      ->transform(CLI::Validator(refuse_negative, ""))
      ->type_name("N");
  command
      .add_option("-j,--threads", options.threads,
                  "Compress on N threads; one a core unless given")
      ->type_name("N");
}

}  // namespace

std::string refuse_negative(std::string& size) {
  return size.starts_with('-') ? "expected a size such as 128K or 1M" : "";
}

void PackingOptions::add_to(CLI::App& command, Options& options) {
  add_effort(command, options);
  command
      .add_option("--sort", sort_file_,
                  "What stands first in the image: lines of a path and a priority, as "
                  "mksquashfs -sort takes them")
      ->type_name("FILE");
  command
      .add_option("--cache-dir", cache_folder_,
                  "Keep compressed blocks for later builds in DIR; in xar below "
                  "XDG_CACHE_HOME, or ~/.cache, unless given")
      ->type_name("DIR");
  command
      .add_option("--cache-size", options.cache_limit,
                  "How much of them is kept; 1G unless given")
      ->transform(CLI::AsSizeValue(false))
      ->transform(CLI::Validator(refuse_negative, ""))
      ->type_name("N");
  const std::string without = "Keep and use no blocks of other builds";
  command.add_flag("--no-cache", without);
}

void PackingOptions::settle(const CLI::App& used, Options& options) const {
  apply(kFast, used, options);
  apply(kSmall, used, options);
  if (!sort_file_.empty()) options.priorities = read_sort_file(sort_file_);
  if (used.count("--no-cache") > 0) return;
  options.cache_folder =
      used.count("--cache-dir") > 0 ? cache_folder_ : usual_cache_folder();
}

}  // namespace xar::xarbuild
