// SPDX-License-Identifier: BSD-2-Clause
// What the terminal behind a descriptor can show.
#pragma once

#include <cstddef>
#include <optional>

namespace xar::base {

// The columns of the terminal behind `fd`; empty where there is none, or it does not
// know.
std::optional<std::size_t> terminal_width(int fd);

// The columns that output to `fd` is wanted in: COLUMNS, else the terminal's, and at
// least 40; empty where nobody says.
std::optional<std::size_t> wanted_width(int fd);

// Whether `fd` is a terminal that understands control sequences, as TERM=dumb does not.
bool is_capable_terminal(int fd);

}  // namespace xar::base
