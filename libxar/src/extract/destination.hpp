// SPDX-License-Identifier: BSD-2-Clause
// The directory that is written into, and the only way into it: every step goes down
// from a descriptor and follows no symlink, so that no path leads out, whatever the
// image holds and whoever changes the tree meanwhile.
#pragma once

#include <atomic>
#include <filesystem>
#include <string_view>

#include "extract/plan.hpp"
#include "xar/base/fd.hpp"

namespace xar::extract {

// Paths are relative to the destination; "" is itself. Every name is made anew: one that
// is there already is an error. Safe to use from several threads. Functions throw
// base::SystemError.
class Destination {
 public:
  // Opens the existing directory at `path`.
  explicit Destination(std::filesystem::path path);

  // A directory in it, for the functions below.
  [[nodiscard]] base::Fd open_directory(std::string_view path) const;

  // Makes a directory, for nobody but the caller yet.
  void make_directory(std::string_view path) const;

  // Makes a regular file, for nobody but the caller yet, and opens it for writing.
  // `parent` is what open_directory() gave for parent_of(path).
  [[nodiscard]] base::Fd make_file(int parent, std::string_view path) const;

  void make_symlink(int parent, std::string_view path, const std::string& target) const;

  // Makes a device, pipe or socket. False where only root may.
  [[nodiscard]] bool make_node(int parent, const Item& item) const;

  void make_hard_link(std::string_view path, std::string_view first) const;

  // Waits until the disk has what was written.
  void sync() const;

  // Whether anything has been made in it.
  [[nodiscard]] bool has_grown() const { return grown_; }

  // `path` as messages show it.
  [[nodiscard]] std::filesystem::path shown(std::string_view path) const;

 private:
  std::filesystem::path path_;
  base::Fd fd_;
  mutable std::atomic<bool> grown_ = false;
};

}  // namespace xar::extract
