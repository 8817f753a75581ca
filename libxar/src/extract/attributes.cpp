// SPDX-License-Identifier: BSD-2-Clause
#include "extract/attributes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/error.hpp"

namespace xar::extract {
namespace {

constexpr mode_t kPermissions = 07777;

// The time of the last access stays what it is.
std::array<timespec, 2> times_of(const Item& item) {
  return {timespec{0, UTIME_OMIT}, timespec{item.mtime, 0}};
}

}  // namespace

Attributes::Attributes(const image::Image& image, const Destination& destination,
                       bool privileges)
    : image_(image),
      destination_(destination),
      privileges_(privileges),
      gives_away_(privileges && ::geteuid() == 0) {}

// Root of a user namespace may not give files to whom it does not know.
bool Attributes::note_owner(int result, const Item& item) {
  if (result == 0) return true;
  if (errno != EPERM && errno != EINVAL) {
    base::throw_errno("cannot set the owner of", destination_.shown(item.path));
  }
  ++owners_left_out_;
  return false;
}

mode_t Attributes::permissions(const Item& item, bool owned) const {
  mode_t mode = item.mode & kPermissions;
  // Such a bit is meant for the owner in the image and nobody else.
  if (!privileges_ || !owned) mode &= ~static_cast<mode_t>(S_ISUID | S_ISGID);
  return mode;
}

template <typename Set>
void Attributes::set_xattrs(const Item& item, const Set& set) {
  if (!image_.has_xattrs()) return;
  std::vector<std::string> names;
  std::optional<std::string> value;
  int error = image_.xattr_names(item.inode, names);
  for (const std::string& name : names) {
    if (!privileges_ && !name.starts_with("user.")) continue;
    error = image_.xattr_value(item.inode, name, value);
    if (error != 0) break;
    if (!value || set(name, *value) == 0) continue;
    // Only root may set some; some file systems and some file types have none.
    if (errno != EPERM && errno != ENOTSUP) {
      base::throw_errno("cannot set the extended attributes of",
                        destination_.shown(item.path));
    }
    ++xattrs_left_out_;
  }
  if (error == 0) return;
  throw base::Error("cannot read the extended attributes of '" + item.path + "' in",
                    image_.name(), std::strerror(error));
}

void Attributes::set(int fd, const Item& item) {
  bool owned = true;
  if (gives_away_) owned = note_owner(::fchown(fd, item.uid, item.gid), item);
  set_xattrs(item, [fd](const std::string& name, const std::string& value) {
    return ::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0);
  });
  // Changing the owner clears set-ID bits and capabilities, and permissions may forbid
  // the owner to set attributes.
  if (::fchmod(fd, permissions(item, owned)) != 0) {
    base::throw_errno("cannot set the permissions of", destination_.shown(item.path));
  }
  if (::futimens(fd, times_of(item).data()) != 0) {
    base::throw_errno("cannot set the time of", destination_.shown(item.path));
  }
}

void Attributes::set_at(int parent, const Item& item) {
  const std::string name = name_of(item.path);
  bool owned = true;
  if (gives_away_) {
    owned = note_owner(
        ::fchownat(parent, name.c_str(), item.uid, item.gid, AT_SYMLINK_NOFOLLOW), item);
  }
  // No system call takes a directory and a name for this.
  const std::string path = "/proc/self/fd/" + std::to_string(parent) + "/" + name;
  set_xattrs(item, [&path](const std::string& name_of_it, const std::string& value) {
    return ::lsetxattr(path.c_str(), name_of_it.c_str(), value.data(), value.size(), 0);
  });
  if (!S_ISLNK(item.mode) && ::fchmodat(parent, name.c_str(), permissions(item, owned),
                                        AT_SYMLINK_NOFOLLOW) != 0) {
    base::throw_errno("cannot set the permissions of", destination_.shown(item.path));
  }
  if (::utimensat(parent, name.c_str(), times_of(item).data(), AT_SYMLINK_NOFOLLOW) !=
      0) {
    base::throw_errno("cannot set the time of", destination_.shown(item.path));
  }
}

}  // namespace xar::extract
