// SPDX-License-Identifier: BSD-2-Clause
// The system's log, for processes that have nobody else to tell.
#pragma once

#include <string_view>

namespace xar::base {

// Sends one line to the system's log as `name`, as an error. Without such a log, or where
// it does not take the line at once, nothing happens. Never throws; from any thread.
void log_error(std::string_view name, std::string_view text) noexcept;

}  // namespace xar::base
