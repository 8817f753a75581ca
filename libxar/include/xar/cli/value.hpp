// SPDX-License-Identifier: BSD-2-Clause
// Values of options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xar::cli {

// A number of bytes: "4096", "128K", "1MiB", "2gb"; a unit is a power of 1024.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace xar::cli
