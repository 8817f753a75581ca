// SPDX-License-Identifier: BSD-2-Clause
#include "xar/backend.hpp"

#include <array>

namespace xar::backend {
namespace {

constexpr std::array<const char*, 3> kNames = {"fuse", "userns", "extract"};

}  // namespace

std::optional<Backend> parse_backend(std::string_view word, std::string_view source) {
  if (word == "auto") return std::nullopt;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (word == kNames[i]) return static_cast<Backend>(i);
  }
  throw base::Error(base::Errc::kInvalid, "unknown backend", source,
                    "expected auto, fuse, userns or extract");
}

const char* name_of(Backend backend) {
  return kNames[static_cast<std::size_t>(backend)];
}

}  // namespace xar::backend
