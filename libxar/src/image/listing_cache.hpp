// SPDX-License-Identifier: BSD-2-Clause
// Where recent listings stopped, so that one that comes in pieces goes on at once:
// a position alone does not tell in which run of entries it is, and finding out
// means reading the listing from its beginning.
#pragma once

#include <list>
#include <mutex>
#include <optional>

#include "image/directory.hpp"

namespace xar::image {

// Safe to use from several threads.
class ListingCache {
 public:
  // The reader of `directory` that stopped at `position`, if one is known.
  std::optional<DirectoryReader> take(InodeReference directory, std::uint64_t position);

  // Remembers where a listing of `directory` stopped.
  void keep(InodeReference directory, const DirectoryReader& reader);

  void clear();

 private:
  struct Entry {
    InodeReference directory;
    DirectoryReader reader;
  };

  std::mutex mutex_;
  std::list<Entry> entries_;  // the one that stopped last first
};

}  // namespace xar::image
