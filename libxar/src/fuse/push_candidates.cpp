// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/push_candidates.hpp"

#include <algorithm>
#include <utility>

namespace xar::fuse {

void PushCandidates::on_entries_listed(fuse_ino_t directory,
                                       std::span<const SmallFile> files) {
  if (files.empty()) return;
  const std::scoped_lock lock(mutex_);
  listing_.push_back({directory, {files.begin(), files.end()}});
  if (listing_.size() > kMaxListings) listing_.pop_front();
}

std::vector<fuse_ino_t> PushCandidates::on_listing_continued(fuse_ino_t directory) {
  std::vector<fuse_ino_t> wanted;
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(listing_, directory, &Listed::directory);
  if (found == listing_.end()) return wanted;
  if (known_count_ > kMaxKnown) {
    known_.clear();
    known_count_ = 0;
  }
  for (const SmallFile& file : found->files) {
    if (warm_.contains(file.fragment) && wanted.size() < kMaxReturned) {
      wanted.push_back(file.number);
    } else {
      known_[file.fragment].push_back(file.number);
      ++known_count_;
    }
  }
  listing_.erase(found);
  return wanted;
}

std::vector<fuse_ino_t> PushCandidates::on_small_read(const SmallFile& file) {
  const std::scoped_lock lock(mutex_);
  warm_.add(file.fragment);
  const auto found = known_.find(file.fragment);
  if (found == known_.end()) return {};
  std::vector<fuse_ino_t> wanted = std::move(found->second);
  known_count_ -= wanted.size();
  known_.erase(found);
  std::erase(wanted, file.number);
  if (wanted.size() > kMaxReturned) {
    known_[file.fragment].assign(wanted.begin() + kMaxReturned, wanted.end());
    known_count_ += wanted.size() - kMaxReturned;
    wanted.resize(kMaxReturned);
  }
  return wanted;
}

void PushCandidates::clear() {
  const std::scoped_lock lock(mutex_);
  listing_.clear();
  std::unordered_map<std::uint32_t, std::vector<fuse_ino_t>>().swap(known_);
  known_count_ = 0;
}

}  // namespace xar::fuse
