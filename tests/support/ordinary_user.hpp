// SPDX-License-Identifier: BSD-2-Clause
// What an ordinary user gets, tested by root.
#pragma once

#include <filesystem>
#include <functional>

namespace xar::test {

inline constexpr unsigned kNobody = 65534;

// Gives `folder` to the user nobody and runs `body` in a process of that user. Returns
// the process's wait status: 0 if `body` threw nothing and no expectation in it failed.
int as_nobody(const std::filesystem::path& folder, const std::function<void()>& body);

}  // namespace xar::test
