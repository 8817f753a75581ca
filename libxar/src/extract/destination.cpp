// SPDX-License-Identifier: BSD-2-Clause
#include "extract/destination.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::extract {
namespace {

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

Destination::Destination(std::filesystem::path path)
    : path_(std::move(path)), fd_(base::open_file(path_, O_RDONLY | O_DIRECTORY)) {}

base::Fd Destination::open_directory(std::string_view path) const {
  base::Fd at(::openat(fd_.get(), ".", kDirectory));
  std::string_view rest = path;
  while (at && !rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    at.reset(::openat(at.get(), std::string(rest.substr(0, end)).c_str(), kDirectory));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!at) base::throw_errno("cannot open", shown(path));
  return at;
}

void Destination::make_directory(std::string_view path) const {
  const base::Fd parent = open_directory(parent_of(path));
  if (::mkdirat(parent.get(), name_of(path).c_str(), 0700) != 0) {
    base::throw_errno("cannot create", shown(path));
  }
  grown_ = true;
}

base::Fd Destination::make_file(int parent, std::string_view path) const {
  base::Fd file(::openat(parent, name_of(path).c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) base::throw_errno("cannot create", shown(path));
  grown_ = true;
  return file;
}

void Destination::make_symlink(int parent, std::string_view path,
                               const std::string& target) const {
  if (::symlinkat(target.c_str(), parent, name_of(path).c_str()) != 0) {
    base::throw_errno("cannot create", shown(path));
  }
  grown_ = true;
}

bool Destination::make_node(int parent, const Item& item) const {
  const mode_t mode = (item.mode & S_IFMT) | 0600;
  if (::mknodat(parent, name_of(item.path).c_str(), mode, item.device) == 0) {
    grown_ = true;
    return true;
  }
  if (errno != EPERM) base::throw_errno("cannot create", shown(item.path));
  return false;
}

void Destination::make_hard_link(std::string_view path, std::string_view first) const {
  const base::Fd from = open_directory(parent_of(first));
  const base::Fd to = open_directory(parent_of(path));
  if (::linkat(from.get(), name_of(first).c_str(), to.get(), name_of(path).c_str(), 0) !=
      0) {
    base::throw_errno("cannot link", shown(path));
  }
}

void Destination::sync() const {
  if (::syncfs(fd_.get()) != 0) base::throw_errno("cannot write", path_);
}

std::filesystem::path Destination::shown(std::string_view path) const {
  return path.empty() ? path_ : path_ / path;
}

}  // namespace xar::extract
