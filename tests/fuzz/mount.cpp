// SPDX-License-Identifier: BSD-2-Clause
// What other processes say of mounts: a lock file, a server's status page, the mount
// table.
#include <limits.h>

#include <algorithm>
#include <string_view>

#include "fuzz/support.hpp"
#include "mount/place/lock_file.hpp"
#include "mount/server/status_page.hpp"
#include "xar/base/mount_table.hpp"

namespace {

using namespace xar;

void read_lock_file(std::string_view text) {
  const auto claim = mount::parse_lock_file(text, std::nullopt);
  if (!claim) return;
  fuzz::require(!claim->identity.empty() && claim->identity.size() <= 128,
                "an identity is of 1 to 128 bytes");
  fuzz::require(claim->identity.find('\n') == claim->identity.npos,
                "an identity is of one line");
}

// A page ends with three texts of PATH_MAX bytes. The input has what is in front of them,
// and each text up to a newline; so it need not be as long as a page.
base::Bytes page_of(std::string_view text) {
  constexpr std::size_t kTexts = 3;
  base::Bytes page(mount::status_page_size());
  std::size_t at = page.size() - kTexts * PATH_MAX;
  const std::string_view front = text.substr(0, at);
  std::ranges::copy(base::as_bytes(front), page.begin());
  text.remove_prefix(front.size());
  for (; at < page.size(); at += PATH_MAX) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto part =
        base::as_bytes(text.substr(0, std::min<std::size_t>(end, PATH_MAX)));
    std::ranges::copy(part, page.begin() + static_cast<std::ptrdiff_t>(at));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return page;
}

void read_status_page(std::string_view text) {
  static_cast<void>(mount::parse_status_page(base::as_bytes(text)));
  const auto server = mount::parse_status_page(page_of(text));
  if (!server) return;
  fuzz::require(!server->point.empty() && !server->archive.empty(),
                "a page says where and what");
  for (const auto& path : {server->point, server->archive, server->lock_file}) {
    fuzz::require(
        path.native().size() < PATH_MAX && path.native().find('\0') == std::string::npos,
        "a path is one");
  }
}

void read_mount_table(std::string_view text) {
  const auto entries = base::parse_mount_table(text);
  fuzz::require(
      entries.size() <= static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1,
      "an entry is a line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  read_lock_file(text);
  read_status_page(text);
  read_mount_table(text);
  return 0;
}
