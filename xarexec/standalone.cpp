// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/standalone.hpp"

#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <string>
#include <string_view>

#include "xar/base/error.hpp"
#include "xar/elf.hpp"

namespace xar::xarexec {
namespace {

// In the file's front, and in a segment of its own that is loaded with the program.
// What is written there later must be read from there: hence volatile.
__attribute__((section(".note.xar"), used)) alignas(4) constexpr elf::Note kNote;

bool carries_archive() {
  return static_cast<const volatile elf::Note&>(kNote).position != 0;
}

bool is_called_launcher(const char* word) {
  std::string_view name = word == nullptr ? "" : word;
  name.remove_prefix(name.rfind('/') + 1);
  return name == "xarexec" || name == "xarexec_fuse";
}

// The path that was executed. The kernel itself tells it, so that neither PATH nor /proc
// is needed; of a program executed by a descriptor it only knows that descriptor.
std::string executed_file() {
  const auto* told = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  const std::string file = told == nullptr ? "" : told;
  if (!file.empty() && !file.starts_with("/dev/fd/")) return file;
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size < 0) {
    throw base::Error("cannot tell which file this is", "/proc/self/exe",
                      "mount /proc, or execute the file by its path");
  }
  return {path.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<Launch> own_launch(char** argv, std::string& file) {
  if (!carries_archive() || is_called_launcher(*argv)) return std::nullopt;
  file = executed_file();
  return Launch{file.c_str(), *argv == nullptr ? argv : argv + 1};
}

}  // namespace xar::xarexec
