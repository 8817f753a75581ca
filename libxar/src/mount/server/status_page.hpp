// SPDX-License-Identifier: BSD-2-Clause
// A server's description of itself: a page of its memory that processes of the same user,
// and root, find through /proc. Reading it touches neither the mount nor the server. So
// it does not count as a use, works if the server is stuck, and finds servers whose mount
// is in another namespace.
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

// The server's side. The page exists as long as this object.
class StatusPage {
 public:
  // Makes the page, which is not found before publish(). Without memory to share there is
  // none, and the server is not listed.
  explicit StatusPage(const ServeOptions& options);
  ~StatusPage();
  StatusPage(const StatusPage&) = delete;
  StatusPage& operator=(const StatusPage&) = delete;

  // From here on, others find the server, as that of the file system `device`.
  void publish(std::uint64_t device);

  // What the server updates with each request.
  [[nodiscard]] fuse::Activity& activity() const { return *activity_; }

 private:
  fuse::Activity own_;  // if no memory can be shared
  fuse::Activity* activity_ = &own_;
  void* memory_ = nullptr;
  base::Fd fd_;
};

// The reader's side: returns the servers whose pages the calling user may read. A page
// counts only if its memory belongs to the user of the process. The page is well-formed,
// but its content is what that user has written.
std::vector<Server> find_servers();

// The size of a page's content, in bytes.
std::size_t status_page_size();

// Parses any bytes as a status page. The result has neither process nor owner. Empty if
// `bytes` are no status page.
std::optional<Server> parse_status_page(base::ByteView bytes);

}  // namespace xar::mount
