// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/user_folders.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "xar/base/ownership.hpp"

namespace xar::base {
namespace {

namespace fs = std::filesystem;

// The fields of a line of the password file that are looked at.
constexpr std::size_t kUser = 2;
constexpr std::size_t kHome = 5;

std::string_view field(std::string_view line, std::size_t index) {
  for (; index > 0; --index) {
    const std::size_t end = line.find(':');
    if (end == line.npos) return {};
    line.remove_prefix(end + 1);
  }
  return line.substr(0, line.find(':'));
}

bool is_absolute(const char* value) {
  return value != nullptr && *value == '/';
}

}  // namespace

fs::path home_in_password_file(uid_t user, const fs::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> lines(
      std::fopen(file.c_str(), "re"), &std::fclose);
  if (!lines) return {};
  const std::string wanted = std::to_string(user);
  // A longer line is nobody's.
  char line[4096];
  while (std::fgets(line, sizeof line, lines.get()) != nullptr) {
    std::string_view text = line;
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (field(text, kUser) != wanted) continue;
    const fs::path home = field(text, kHome);
    return home.is_absolute() ? home : fs::path();
  }
  return {};
}

std::vector<fs::path> cache_folders_of_environment(const char* cache_home,
                                                   const char* home) {
  std::vector<fs::path> folders;
  if (is_absolute(cache_home)) folders.emplace_back(cache_home);
  if (is_absolute(home)) folders.push_back(fs::path(home) / ".cache");
  return folders;
}

fs::path user_cache_folder(const char* cache_home, const char* home) {
  for (const fs::path& folder : cache_folders_of_environment(cache_home, home)) {
    if (may_keep_files_at(folder)) return folder;
  }
  fs::path folder = home_in_password_file(::geteuid());
  if (folder.empty()) return {};
  folder /= ".cache";
  return may_keep_files_at(folder) ? folder : fs::path();
}

}  // namespace xar::base
