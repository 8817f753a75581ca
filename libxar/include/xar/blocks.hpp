// SPDX-License-Identifier: BSD-2-Clause
// Blocks that earlier builds have compressed, in a folder: building again after a small
// change then costs little more than reading. What is there is never trusted: an entry
// carries the digest of its bytes, and one that does not match counts as absent.
//
// There is no memory of which files have changed. Times and sizes may lie; content does
// not, and hashing it takes some 2% of the time that compressing it does:
// docs/packing.md.
#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "xar/base/bytes.hpp"
#include "xar/digest.hpp"

namespace xar::blocks {

// Safe from any thread, and with any number of builds at once: entries appear whole, by
// rename, and are never changed. A folder that cannot be written or even made is no
// error: the build goes on without.
class PackedCache {
 public:
  // Entries in `folder` of up to `limit` bytes together. `recipe` is all that decides
  // the result besides the content.
  PackedCache(std::filesystem::path folder, std::uint64_t limit, std::string recipe);

  // What `content` has been packed to: true with the packed bytes in `packed`, which is
  // empty if the block is to be stored as it is. `packed`'s capacity is reused.
  bool find(const digest::Blake2b& content, base::Bytes& packed);

  // Keeps what find() will answer.
  void keep(const digest::Blake2b& content, base::ByteView packed);

  // Removes what has not been used for longest where there is too much. To be called
  // once all has been kept. Calls `tick` for each entry; what it throws ends the
  // trimming.
  void trim(const std::function<void()>& tick) const;

 private:
  static constexpr std::size_t kSubfolders = 256;

  [[nodiscard]] digest::Blake2b key_of(const digest::Blake2b& content) const;
  [[nodiscard]] std::filesystem::path path_of(const digest::Blake2b& key) const;
  void trim_subfolder(std::size_t index, const std::function<void()>& tick) const;

  const std::filesystem::path folder_;
  const std::uint64_t limit_;
  const std::string recipe_;
  std::atomic<bool> writable_ = true;
  std::mutex mutex_;  // guards grown_
  std::bitset<kSubfolders> grown_;
};

// Removes the entries of the cache in `folder` that no build has used for `older_than`
// seconds, or only reports them if `dry_run`. Calls `removed` for each. No lock is
// needed: an entry is complete from its first moment, and a build does not depend on any.
// Ignores what is not the effective user's, and what cannot be removed.
void clean(const std::filesystem::path& folder, std::uint64_t older_than, bool dry_run,
           const std::function<void(const std::filesystem::path&)>& removed);

}  // namespace xar::blocks
