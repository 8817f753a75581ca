// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/title.hpp"

#include <stdlib.h>
#include <sys/prctl.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::base {
namespace {

// The numbers behind the name in /proc/self/stat, the parent's process number the first.
std::vector<std::uintptr_t> read_numbers() {
  const std::string stat = read_text("/proc/self/stat", 4096);
  std::vector<std::uintptr_t> numbers;
  // "1234 (name) S 1 ...", where the name may be anything.
  const char* at = stat.data() + std::min(stat.rfind(") ") + 4, stat.size());
  const char* const end = stat.data() + stat.size();
  while (at < end) {
    std::uintptr_t number = 0;
    // A negative one is none that is wanted.
    const char* next = std::from_chars(at, end, number).ptr;
    numbers.push_back(number);
    at = std::find(next, end, ' ');
    if (at < end) ++at;
  }
  return numbers;
}

// Where the kernel has put the arguments, and behind them the environment.
std::span<char> title_memory() {
  constexpr std::size_t kArgStart = 44;  // proc_pid_stat(5)'s field 48
  try {
    const std::vector<std::uintptr_t> numbers = read_numbers();
    if (numbers.size() < kArgStart + 4) return {};
    const std::uintptr_t* const at = numbers.data() + kArgStart;
    const std::uintptr_t start = at[0];
    const std::uintptr_t end = at[1] == at[2] ? at[3] : at[1];
    if (start == 0 || end <= start) return {};
    return {reinterpret_cast<char*>(start), end - start};
  } catch (const SystemError&) {
    return {};
  }
}

}  // namespace

void set_title(const std::string& name, std::string_view title) {
  ::prctl(PR_SET_NAME, name.c_str());
  const std::span<char> memory = title_memory();
  if (memory.empty()) return;
  // What is asked for afterwards: by who starts programs, and by is_debugging().
  std::vector<std::pair<const char*, std::string>> kept;
  for (const char* variable : {"PATH", "XAR_LOG"}) {
    if (const char* value = ::getenv(variable)) kept.emplace_back(variable, value);
  }
  ::clearenv();
  for (const auto& [variable, value] : kept) ::setenv(variable, value.c_str(), 1);
  const std::size_t size = std::min(title.size(), memory.size() - 1);
  std::memcpy(memory.data(), title.data(), size);
  std::memset(memory.data() + size, 0, memory.size() - size);
}

}  // namespace xar::base
