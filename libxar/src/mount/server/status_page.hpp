// SPDX-License-Identifier: BSD-2-Clause
// What a server tells about itself to those who list mounts: a page of its memory that
// other processes of the same user, and root, find through /proc. To read it touches
// neither the mount nor the server: that is no use of the mount, works if the server is
// stuck, and finds servers whose mount is in another namespace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {

struct ServeOptions;

// The server's side: there for as long as it serves.
class StatusPage {
 public:
  // Not to be found yet. Where there is no memory to share, the server serves unseen.
  explicit StatusPage(const ServeOptions& options);
  ~StatusPage();
  StatusPage(const StatusPage&) = delete;
  StatusPage& operator=(const StatusPage&) = delete;

  // From now on who looks finds the server, as that of file system `device`.
  void publish(std::uint64_t device);

  // To be kept up to date by who serves.
  [[nodiscard]] fuse::Activity& activity() const { return *activity_; }

 private:
  fuse::Activity own_;  // where nothing can be shared
  fuse::Activity* activity_ = &own_;
  void* memory_ = nullptr;
  base::Fd fd_;
};

// The reader's side: the servers whose records the calling user may read. A record counts
// only if the memory belongs to the user of the process that has it. What it says is that
// user's word: it is of well-formed text, and no more than that is known.
std::vector<Server> find_servers();

// How many bytes a record has.
std::size_t status_page_size();

// What a record says, all but the process and its owner; nothing where `bytes` is none.
// The bytes may be any.
std::optional<Server> parse_status_page(base::ByteView bytes);

}  // namespace xar::mount
