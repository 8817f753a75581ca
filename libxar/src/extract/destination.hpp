// SPDX-License-Identifier: BSD-2-Clause
// The directory that is written into, and the only way into it: every step goes from a
// descriptor to what is in it, or back to where it came from, and follows no symlink, so
// that no path leads out, whatever the image holds and whoever changes the tree
// meanwhile.
#pragma once

#include <atomic>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "extract/plan.hpp"
#include "xar/base/fd.hpp"

namespace xar::extract {

// Every name is made anew: one that is there already is removed before, or an error.
// `parent` is a directory in it, as a Cursor opens it. Safe to use from several threads.
// Functions throw base::Error.
class Destination {
 public:
  // Opens the existing directory at `path`, for what `plan` says, which must outlive
  // this. With `replace`, what is there gives way to what is written, but directories
  // only to directories.
  Destination(std::filesystem::path path, const Plan& plan, bool replace);

  // Makes a directory, for nobody but the caller yet.
  void make_directory(int parent, const Item& item) const;

  // Makes a regular file, for nobody but the caller yet, and opens it for writing.
  [[nodiscard]] base::Fd make_file(int parent, const Item& item) const;

  void make_symlink(int parent, const Item& item, const std::string& target) const;

  // Makes a device, pipe or socket. False where only root may.
  [[nodiscard]] bool make_node(int parent, const Item& item) const;

  // Makes a further name of the file `first` in the directory `parent_of_first`. False
  // where there is no such file.
  [[nodiscard]] bool make_hard_link(int parent, const HardLink& link,
                                    int parent_of_first) const;

  // A directory of the plan, which stands in `parent`.
  [[nodiscard]] base::Fd open_directory(int parent, const Item& item) const;

  // Waits until the disk has what was written.
  void sync() const;

  // Whether anything has been made in it.
  [[nodiscard]] bool has_grown() const { return grown_; }

  // An item's path as messages show it.
  [[nodiscard]] std::filesystem::path shown(const Item& item) const;

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const Plan& plan() const { return plan_; }

 private:
  // Removes `name` in `parent` where that may be.
  void make_way(int parent, const std::string& name) const;
  [[noreturn]] void refuse(DirectoryIndex parent, std::string_view name) const;

  std::filesystem::path path_;
  const Plan& plan_;
  base::Fd fd_;
  bool replace_;
  mutable std::atomic<bool> grown_ = false;
};

// Which directories those of a plan are, once they have been made: device and inode.
using Identities = std::vector<std::pair<dev_t, ino_t>>;

// Stands in one directory of the destination and goes to others by the shortest way,
// options one descriptor whatever the depth. Used from one thread.
class Cursor {
 public:
  // Begins at the destination. `identities` has a place for each directory of the plan,
  // and must outlive this as the destination must. The first constructor's cursor fills
  // it in; the second's, of which there may be one a thread, only go back to directories
  // that the first's has been in.
  Cursor(const Destination& destination, Identities& identities);
  Cursor(const Destination& destination, const Identities& identities);

  // Goes to a directory of the plan, which must be there, and returns its descriptor,
  // open until the next call. Throws base::Error.
  int go_to(DirectoryIndex directory);

 private:
  void restart();
  void go_down(DirectoryIndex directory);
  void go_up();
  void check(DirectoryIndex directory);

  const Destination& destination_;
  const Identities& known_;
  Identities* filled_ = nullptr;
  base::Fd fd_;
  DirectoryIndex at_ = kRoot;
};

}  // namespace xar::extract
