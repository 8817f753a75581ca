// SPDX-License-Identifier: BSD-2-Clause
// What others see of a process that stays: its name in ps, top and the system's log.
#pragma once

#include <string>
#include <string_view>

namespace xar::base {

// Has ps and top show `name`, of at most 15 bytes, and `title` as the command line, cut
// off where there is no room. The title takes the place of the arguments and the
// environment, of which only PATH is left: nobody may hold pointers into either. For
// processes with one thread. Where the kernel does not tell where its memory for that is,
// only the name is set.
void set_title(const std::string& name, std::string_view title);

// Sends one line to the system's log as `name`, as an error. Without such a log, or where
// it does not take the line at once, nothing happens. Never throws; from any thread.
void log_error(std::string_view name, std::string_view text) noexcept;

}  // namespace xar::base
