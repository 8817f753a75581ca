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

namespace {

// A number of bytes, or of KiB, MiB or GiB where a letter says so; none if it is neither.
std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t size = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, size);
  if (parsed.ec != std::errc()) return std::nullopt;
  if (parsed.ptr == end) return size;
  constexpr std::string_view kUnits = "KMG";
  const std::size_t unit = kUnits.find(*parsed.ptr);
  if (parsed.ptr + 1 != end || unit == kUnits.npos) return std::nullopt;
  const std::size_t shift = 10 * (unit + 1);
  if (size > SIZE_MAX >> shift) return std::nullopt;
  return size << shift;
}

}  // namespace

std::optional<std::size_t> read_cache_size() {
  const char* text = std::getenv("XAR_CACHE_SIZE");
  if (text == nullptr) return std::nullopt;
  const auto size = parse_size(text);
  if (!size) {
    throw base::Error("bad cache size", "XAR_CACHE_SIZE",
                      "expected bytes, or a number with K, M or G: 64M");
  }
  return size;
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

std::optional<backend::Rung> read_rung(const std::optional<std::string>& option) {
  if (option) return backend::parse_rung(*option, "--backend");
  const char* word = std::getenv("XAR_BACKEND");
  if (word == nullptr || *word == '\0') return std::nullopt;
  return backend::parse_rung(word, "XAR_BACKEND");
}

std::filesystem::path cache_folder() {
  const auto absolute = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value == '/' ? std::filesystem::path(value)
                                             : std::filesystem::path();
  };
  if (const auto cache = absolute("XDG_CACHE_HOME"); !cache.empty()) return cache / "xar";
  if (const auto home = absolute("HOME"); !home.empty()) return home / ".cache" / "xar";
  return {};
}

}  // namespace xar::xarexec
