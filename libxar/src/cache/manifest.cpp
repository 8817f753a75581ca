// SPDX-License-Identifier: BSD-2-Clause
#include "cache/manifest.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstddef>
#include <string_view>

#include "cache/walk.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

// Records end with a NUL: the identity, then a directory each, ".", "./lib", with the
// time in front.
constexpr char kEnd = '\0';

std::string record_of(const struct stat& status, std::string_view path) {
  std::string record = std::to_string(status.st_mtim.tv_sec);
  record += '.';
  record += std::to_string(status.st_mtim.tv_nsec);
  record += ' ';
  record += path;
  record += kEnd;
  return record;
}

// The next record of `text`, which is shortened by it; empty if there is none.
std::string_view take_record(std::string_view& text) {
  const std::size_t end = text.find(kEnd);
  if (end == text.npos) return {};
  const std::string_view record = text.substr(0, end);
  text.remove_prefix(end + 1);
  return record;
}

// Whether the directory that a record names has the time that it names.
bool is_unchanged(int tree, std::string_view record) {
  const std::size_t space = record.find(' ');
  if (space == record.npos) return false;
  const std::string path(record.substr(space + 1));
  struct stat status {};
  if (::fstatat(tree, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  const std::string now = record_of(status, path);
  return S_ISDIR(status.st_mode) &&
         record == std::string_view(now.data(), now.size() - 1);
}

std::string read_whole(int fd, const fs::path& name) {
  struct stat status {};
  constexpr off_t kMost = 64 << 20;
  if (::fstat(fd, &status) != 0 || status.st_size > kMost) return {};
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  text.resize(base::read_at(
      fd, 0, std::as_writable_bytes(std::span(text.data(), text.size())), name));
  return text;
}

}  // namespace

std::string manifest_name(const std::string& name) {
  return name + ".whole";
}

void write_manifest(const Folder& folder, const std::string& name,
                    const std::string& identity) {
  const fs::path tree = folder.path() / name;
  std::string text = identity + kEnd;
  walk(tree, [&](const fs::path& path_of_entry, const struct stat& status) {
    if (!S_ISDIR(status.st_mode)) return;
    std::string path = path_of_entry.native().substr(tree.native().size());
    path.insert(path.begin(), '.');
    text += record_of(status, path);
  });
  base::AtomicFile file(folder.path() / manifest_name(name));
  base::write_at(file.fd(), 0, base::as_bytes(text), folder.path() / manifest_name(name));
  file.commit(0600);
}

bool is_whole(const Folder& folder, const std::string& name, int tree,
              const std::string& identity) {
  const base::Fd fd = folder.open_own(manifest_name(name), O_RDONLY);
  if (!fd) return false;
  const std::string content = read_whole(fd.get(), folder.path() / manifest_name(name));
  std::string_view text = content;
  if (take_record(text) != identity || text.empty()) return false;
  while (!text.empty()) {
    const std::string_view record = take_record(text);
    if (record.empty() || !is_unchanged(tree, record)) return false;
  }
  return true;
}

void mark_as_used(const Folder& folder, const std::string& name) {
  const base::Fd fd = folder.open_own(manifest_name(name), O_RDONLY);
  if (fd) ::futimens(fd.get(), nullptr);
}

}  // namespace xar::cache
