// SPDX-License-Identifier: BSD-2-Clause
// The system's log, for processes that have nobody else to tell, and the steps of a run
// for those who want to know them.
#pragma once

#include <string_view>

namespace xar::base {

// Sends one line to the system's log as `name`, as an error. Without such a log, or where
// it does not take the line at once, nothing happens. Never throws; from any thread.
void log_error(std::string_view name, std::string_view text) noexcept;

// Whether XAR_LOG=debug asks for the steps. To be asked before a text is put together.
bool is_debugging() noexcept;

// Where that is so: tells a step on standard error, in one line with the time since boot
// in seconds and the process. Never throws.
void debug(std::string_view text) noexcept;

// The same of a server, which has no standard error, in the system's log.
void log_debug(std::string_view name, std::string_view text) noexcept;

}  // namespace xar::base
