// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/packing_options.hpp"

#include <climits>
#include <cstdlib>
#include <filesystem>

#include "xar/base/number.hpp"
#include "xar/base/user_folders.hpp"
#include "xar/cli/value.hpp"
#include "xarbuild/options.hpp"
#include "xarbuild/sort_file.hpp"

namespace xar::xarbuild {
namespace {

using enum cli::Detail;

// docs/packing.md has what they cost and save.
struct Preset {
  int level;
  std::uint64_t block_size;
};
constexpr Preset kFast{3, 128 * 1024};
constexpr Preset kSmall{19, 1024 * 1024};

// In the user's own folder for caches; empty for a user who has none.
std::filesystem::path usual_cache_folder() {
  const std::filesystem::path caches =
      base::user_cache_folder(std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"));
  return caches.empty() ? caches : caches / "xar";
}

std::uint64_t number_of(const cli::OptionSet& set, const char* option,
                        const std::string& text, std::uint64_t largest) {
  const auto number = base::parse_number<std::uint64_t>(text);
  if (!number || *number > largest) {
    set.refuse(std::string("bad value: ") + option + ' ' + text + ": expected a number" +
               (largest < 100 ? " of at most " + std::to_string(largest) : ""));
  }
  return *number;
}

std::uint64_t size_of(const cli::OptionSet& set, const char* option,
                      const std::string& text) {
  const auto size = cli::parse_size(text);
  if (!size) {
    set.refuse(std::string("bad value: ") + option + ' ' + text +
               ": expected a size such as 128K or 1M");
  }
  return *size;
}

}  // namespace

void PackingOptions::add_to(cli::OptionSet& set, cli::Detail minor) {
  set.flag("--fast", fast_, "For edit loops: --zstd-level 3", minor);
  set.flag("--small", small_, "For releases: --zstd-level 19 --block-size 1M", kRare);
  set.value("--zstd-level", zstd_level_, "N", "1 (fast) to 22 (small); 15 unless given",
            kRare);
  set.value("--block-size", block_size_, "SIZE",
            "Bytes compressed together: a power of two, 4K to 1M; 128K unless given",
            kRare);
  set.value("-j,--threads", threads_, "N",
            "Compress on N threads; one a core unless given", kRare);
  set.value("--sort", sort_file_, "FILE",
            "What stands first in the image: lines of a path and a priority, as "
            "mksquashfs -sort takes them",
            kRare);
  set.value("--cache-dir", cache_folder_, "DIR",
            "Keep compressed blocks for later builds in DIR; in xar below "
            "XDG_CACHE_HOME, or ~/.cache, unless given",
            kRare);
  set.value("--cache-size", cache_limit_, "SIZE",
            "How much of them is kept; 1G unless given", kRare);
  set.flag("--no-cache", without_cache_, "Keep and use no blocks of other builds", kRare);
}

void PackingOptions::take_effort(const cli::OptionSet& set, Options& options) const {
  if (fast_ && small_) set.refuse("--fast excludes --small");
  if (fast_ || small_) {
    const Preset& preset = fast_ ? kFast : kSmall;
    options.zstd_level = preset.level;
    options.block_size = preset.block_size;
  }
  if (zstd_level_) {
    const auto level = number_of(set, "--zstd-level", *zstd_level_, 22);
    if (level == 0) set.refuse("bad value: --zstd-level 0: expected 1 to 22");
    options.zstd_level = static_cast<int>(level);
  }
  if (block_size_) {
    options.block_size = size_of(set, "--block-size", *block_size_);
    const std::uint64_t size = options.block_size;
    if (size < 4096 || size > 1 << 20 || (size & (size - 1)) != 0) {
      set.refuse("bad block size: " + *block_size_ +
                 ": expected a power of two, 4K to 1M");
    }
  }
  if (threads_) {
    options.threads =
        static_cast<unsigned>(number_of(set, "--threads", *threads_, UINT_MAX));
  }
}

void PackingOptions::take(const cli::OptionSet& set, Options& options) const {
  take_effort(set, options);
  if (sort_file_) options.priorities = read_sort_file(*sort_file_);
  if (cache_limit_) options.cache_limit = size_of(set, "--cache-size", *cache_limit_);
  if (without_cache_) return;
  options.cache_folder =
      cache_folder_ ? std::filesystem::path(*cache_folder_) : usual_cache_folder();
}

}  // namespace xar::xarbuild
