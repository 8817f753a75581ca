// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/environment.hpp"

#include <charconv>
#include <cstdlib>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::xarexec {
namespace {

constexpr const char* kTimeoutFile = "/var/lib/xarexec_timeout_override";

}  // namespace

std::uint32_t parse_seconds(std::string_view text, std::string_view source) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::uint32_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, seconds);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    throw base::Error("bad time-out", source, "expected whole seconds, 0 for never");
  }
  return seconds;
}

mount::Surroundings read_surroundings() {
  mount::Surroundings surroundings;
  if (const char* seed = std::getenv("XAR_MOUNT_SEED")) surroundings.seed = seed;
  if (const char* folder = std::getenv("XDG_RUNTIME_DIR")) {
    surroundings.runtime_folder = folder;
  }
  if (const char* timeout = std::getenv("XAR_MOUNT_TIMEOUT")) {
    surroundings.timeout = parse_seconds(timeout, "XAR_MOUNT_TIMEOUT");
  } else if (std::filesystem::exists(kTimeoutFile)) {
    surroundings.timeout = parse_seconds(base::read_text(kTimeoutFile, 64), kTimeoutFile);
  }
  return surroundings;
}

}  // namespace xar::xarexec
