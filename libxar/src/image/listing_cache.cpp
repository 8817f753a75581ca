// SPDX-License-Identifier: BSD-2-Clause
#include "image/listing_cache.hpp"

#include <algorithm>

namespace xar::image {
namespace {

// More than the listings that are likely to be under way at once.
constexpr std::size_t kKeptListings = 16;

}  // namespace

std::optional<DirectoryReader> ListingCache::take(InodeReference directory,
                                                  std::uint64_t position) {
  const std::scoped_lock lock(mutex_);
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.directory == directory && entry.reader.position() == position;
      });
  if (found == entries_.end()) return std::nullopt;
  DirectoryReader reader = std::move(found->reader);
  entries_.erase(found);
  return reader;
}

void ListingCache::keep(InodeReference directory, const DirectoryReader& reader) {
  const std::scoped_lock lock(mutex_);
  entries_.push_front({directory, reader});
  if (entries_.size() > kKeptListings) entries_.pop_back();
}

void ListingCache::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
}

}  // namespace xar::image
