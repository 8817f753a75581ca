// SPDX-License-Identifier: BSD-2-Clause
#include "extract/attributes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

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
    base::throw_errno("cannot set the owner of", destination_.shown(item));
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
  int refused = 0;
  const auto take = [&](const std::string& name, std::string_view value) {
    if (!privileges_ && !name.starts_with("user.")) return true;
    if (set(name, value) == 0) return true;
    // Only root may set some; some file systems and some file types have none.
    if (errno != EPERM && errno != ENOTSUP) {
      refused = errno;
      return false;
    }
    ++xattrs_left_out_;
    return true;
  };
  const int error = image_.xattrs(item.inode, take);
  if (error != 0) {
    inspect::throw_damaged(image_, destination_.plan().path_of(item),
                           "has extended attributes that cannot be read");
  }
  if (refused == 0) return;
  throw base::SystemError(refused, "cannot set the extended attributes of",
                          destination_.shown(item));
}

void Attributes::set(int fd, const Item& item) {
  bool owned = true;
  if (gives_away_) owned = note_owner(::fchown(fd, item.uid, item.gid), item);
  set_xattrs(item, [fd](const std::string& name, std::string_view value) {
    return ::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0);
  });
  // Changing the owner clears set-ID bits and capabilities, and permissions may forbid
  // the owner to set attributes.
  if (::fchmod(fd, permissions(item, owned)) != 0) {
    base::throw_errno("cannot set the permissions of", destination_.shown(item));
  }
  if (::futimens(fd, times_of(item).data()) != 0) {
    base::throw_errno("cannot set the time of", destination_.shown(item));
  }
}

void Attributes::set_at(int parent, const Item& item) {
  const std::string& name = item.name;
  bool owned = true;
  if (gives_away_) {
    owned = note_owner(
        ::fchownat(parent, name.c_str(), item.uid, item.gid, AT_SYMLINK_NOFOLLOW), item);
  }
  // No system call takes a directory and a name for this.
  const std::string path = "/proc/self/fd/" + std::to_string(parent) + "/" + name;
  set_xattrs(item, [&path](const std::string& name_of_it, std::string_view value) {
    return ::lsetxattr(path.c_str(), name_of_it.c_str(), value.data(), value.size(), 0);
  });
  if (!S_ISLNK(item.mode) && ::fchmodat(parent, name.c_str(), permissions(item, owned),
                                        AT_SYMLINK_NOFOLLOW) != 0) {
    base::throw_errno("cannot set the permissions of", destination_.shown(item));
  }
  if (::utimensat(parent, name.c_str(), times_of(item).data(), AT_SYMLINK_NOFOLLOW) !=
      0) {
    base::throw_errno("cannot set the time of", destination_.shown(item));
  }
}

}  // namespace xar::extract
