// SPDX-License-Identifier: BSD-2-Clause
// The image never changes, so the kernel is told to keep every answer for good:
// what has been asked once is not asked again, and warm use costs no request.
#include "fuse/operations.hpp"

#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuse/fragment_prefetcher.hpp"
#include "fuse/inode_number.hpp"
#include "fuse/page_cache_pusher.hpp"
#include "fuse/reply.hpp"
#include "xar/base/clock.hpp"
#include "xar/image/serving.hpp"

namespace xar::fuse {
namespace {

using image::Entry;

// Seconds. Ten years, so that no kernel's arithmetic overflows.
constexpr double kForever = 10.0 * 365 * 24 * 3600;

void enable(fuse_conn_info& connection, unsigned capability) {
  connection.want |= connection.capable & capability;
}

void init(void* data, fuse_conn_info* connection) {
  auto& served = *static_cast<ServedImage*>(data);
  served.no_open = (connection->capable & FUSE_CAP_NO_OPEN_SUPPORT) != 0;
  served.no_opendir = (connection->capable & FUSE_CAP_NO_OPENDIR_SUPPORT) != 0;
  enable(*connection, FUSE_CAP_CACHE_SYMLINKS);
  // Would drop cached content whenever attributes are asked for.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_AUTO_INVAL_DATA);
}

// The kernel's view of an inode.
int describe(const ServedImage& served, image::InodeReference inode,
             fuse_entry_param& out) {
  out = {};
  if (const int error = served.image.attributes(inode, out.attr)) return error;
  out.ino = to_number(served.image, inode);
  out.attr_timeout = out.entry_timeout = kForever;
  return 0;
}

// The file as the pusher wants it, if it is small.
std::optional<SmallFile> small_file(const ServedImage& served,
                                    image::InodeReference inode) {
  std::optional<std::uint32_t> fragment;
  if (image::Serving(served.image).fragment(inode, fragment) != 0 || !fragment)
    return std::nullopt;
  return SmallFile{to_number(served.image, inode), *fragment};
}

// The operations return 0 if they have replied, else the errno value to reply.

int lookup(ServedImage& served, fuse_req_t request, fuse_ino_t parent, const char* name) {
  std::optional<Entry> found;
  const auto directory = to_reference(served.image, parent);
  if (const int error = served.image.lookup(directory, name, found)) return error;
  // Without an inode it says that there is none, which the kernel remembers too.
  fuse_entry_param entry{};
  entry.entry_timeout = kForever;
  if (found) {
    if (const int error = describe(served, found->inode, entry)) return error;
    if (!S_ISDIR(found->type))
      served.readdirplus_policy.note_lookup(fuse_req_ctx(request)->pid);
  }
  fuse_reply_entry(request, &entry);
  return 0;
}

int getattr(ServedImage& served, fuse_req_t request, fuse_ino_t inode, fuse_file_info*) {
  struct stat attributes {};
  const auto reference = to_reference(served.image, inode);
  if (const int error = served.image.attributes(reference, attributes)) return error;
  fuse_reply_attr(request, &attributes, kForever);
  return 0;
}

int readlink(ServedImage& served, fuse_req_t request, fuse_ino_t link) {
  std::string target;
  const auto reference = to_reference(served.image, link);
  if (const int error = served.image.read_link(reference, target)) return error;
  fuse_reply_readlink(request, target.c_str());
  return 0;
}

// ENOSYS tells the kernel to open without asking from now on, and to keep what it
// has read.
int open(ServedImage& served, fuse_req_t request, fuse_ino_t, fuse_file_info* file) {
  if (served.no_open) return ENOSYS;
  file->keep_cache = 1;
  fuse_reply_open(request, file);
  return 0;
}

int opendir(ServedImage& served, fuse_req_t request, fuse_ino_t, fuse_file_info* file) {
  if (served.no_opendir) return ENOSYS;
  file->keep_cache = 1;
  file->cache_readdir = 1;
  fuse_reply_open(request, file);
  return 0;
}

int read(ServedImage& served, fuse_req_t request, fuse_ino_t file, std::size_t size,
         off_t offset, fuse_file_info*) {
  const auto reference = to_reference(served.image, file);
  const auto small =
      served.pusher != nullptr ? small_file(served, reference) : std::nullopt;
  std::vector<image::Piece> pieces;
  const int error =
      image::Serving(served.image)
          .pieces(reference, static_cast<std::uint64_t>(offset), size, pieces);
  if (error != 0) return error;
  if (small) served.pusher->on_small_read(*small);
  std::vector<iovec> parts;
  for (const image::Piece& piece : pieces) parts.push_back(vector_of(piece));
  fuse_reply_iov(request, parts.data(), static_cast<int>(parts.size()));
  if (small) {
    served.prefetcher->on_fragment_read(small->fragment);
  } else if (served.pusher != nullptr) {
    served.pusher->on_large_read_sent(file, static_cast<std::uint64_t>(offset), size);
  }
  return 0;
}

// Fills a reply of at most `size` bytes with the entries from position `from` on.
// `add` encodes an entry at the given place, if it has room for that many bytes, and
// returns how many the entry needs.
template <typename Add, typename BeforeReply>
int reply_entries(ServedImage& served, fuse_req_t request, fuse_ino_t directory,
                  std::size_t size, off_t from, Add add, BeforeReply before_reply) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(size);
  std::size_t used = 0;
  const int error = served.image.list(
      to_reference(served.image, directory), static_cast<std::uint64_t>(from),
      [&](const Entry& entry) {
        const std::size_t needed = add(buffer.get() + used, size - used, entry);
        if (needed > size - used) return false;
        used += needed;
        return true;
      });
  // What was found before the fault is still worth having.
  if (error != 0 && used == 0) return error;
  before_reply();
  fuse_reply_buf(request, buffer.get(), used);
  return 0;
}

int readdir(ServedImage& served, fuse_req_t request, fuse_ino_t directory,
            std::size_t size, off_t from, fuse_file_info*) {
  // The kernel asks in this way for what follows the first part, too.
  if (served.pusher != nullptr && from != 0)
    served.pusher->on_listing_continued(directory);
  return reply_entries(
      served, request, directory, size, from,
      [&](char* out, std::size_t room, const Entry& entry) {
        struct stat attributes {};
        attributes.st_ino = entry.number;
        attributes.st_mode = entry.type;
        return fuse_add_direntry(request, out, room, entry.name.c_str(), &attributes,
                                 static_cast<off_t>(entry.next));
      },
      [] {});
}

int readdirplus(ServedImage& served, fuse_req_t request, fuse_ino_t directory,
                std::size_t size, off_t from, fuse_file_info*) {
  PageCachePusher* const pusher = served.pusher;
  std::vector<SmallFile> told;
  if (pusher != nullptr && from != 0) pusher->on_listing_continued(directory);
  const bool inodes =
      served.readdirplus_policy.should_send_inodes(fuse_req_ctx(request)->pid);
  const auto before_reply = [&] {
    if (pusher != nullptr) pusher->on_entries_listed(directory, told);
  };
  return reply_entries(
      served, request, directory, size, from,
      [&](char* out, std::size_t room, const Entry& entry) {
        fuse_entry_param param{};
        const bool dots = entry.name == "." || entry.name == "..";
        const bool wanted = !dots && (inodes || S_ISDIR(entry.type));
        if (!wanted || describe(served, entry.inode, param) != 0) {
          // A name without an inode: the kernel asks if it wants to know more.
          param = {};
          param.attr.st_ino = entry.number;
          param.attr.st_mode = entry.type;
        } else if (pusher != nullptr && entry.type == S_IFREG) {
          if (const auto file = small_file(served, entry.inode)) told.push_back(*file);
        }
        return fuse_add_direntry_plus(request, out, room, entry.name.c_str(), &param,
                                      static_cast<off_t>(entry.next));
      },
      before_reply);
}

int statfs(ServedImage& served, fuse_req_t request, fuse_ino_t) {
  const struct statvfs statistics = served.image.statistics();
  fuse_reply_statfs(request, &statistics);
  return 0;
}

// Replies with `size` bytes, or with how many there would be if nothing is to be copied.
int reply_xattr(fuse_req_t request, std::string_view bytes, std::size_t size) {
  if (size == 0) {
    fuse_reply_xattr(request, bytes.size());
  } else if (bytes.size() > size) {
    return ERANGE;
  } else {
    fuse_reply_buf(request, bytes.data(), bytes.size());
  }
  return 0;
}

// Where the image has no extended attributes, the kernel is not to ask again.
int getxattr(ServedImage& served, fuse_req_t request, fuse_ino_t inode, const char* name,
             std::size_t size) {
  if (!served.image.has_xattrs()) return ENOSYS;
  std::optional<std::string> value;
  const auto reference = to_reference(served.image, inode);
  if (const int error = served.image.xattr_value(reference, name, value)) return error;
  return value ? reply_xattr(request, *value, size) : ENODATA;
}

int listxattr(ServedImage& served, fuse_req_t request, fuse_ino_t inode,
              std::size_t size) {
  if (!served.image.has_xattrs()) return ENOSYS;
  std::vector<std::string> names;
  const auto reference = to_reference(served.image, inode);
  if (const int error = served.image.xattr_names(reference, names)) return error;
  // Names of attributes that nobody but root can read the kernel hides, but not in FUSE.
  const bool privileged = fuse_req_ctx(request)->uid == 0;
  std::string list;
  for (const std::string& name : names) {
    if (!privileged && name.starts_with("trusted.")) continue;
    list.append(name).push_back('\0');
  }
  return reply_xattr(request, list, size);
}

ServedImage& served_by(fuse_req_t request) {
  return *static_cast<ServedImage*>(fuse_req_userdata(request));
}

ServedImage& received(fuse_req_t request) {
  ServedImage& served = served_by(request);
  served.activity.requests.fetch_add(1, std::memory_order_relaxed);
  served.activity.requests.notify_one();
  served.activity.latest.store(base::monotonic_seconds(), std::memory_order_relaxed);
  return served;
}

// An operation as libfuse calls it: nothing thrown passes. Counted if it is a use of the
// mount.
template <auto operation, bool counted = true, typename... Arguments>
void answer(fuse_req_t request, Arguments... arguments) noexcept {
  int error = EIO;
  try {
    ServedImage& served = counted ? received(request) : served_by(request);
    error = operation(served, request, arguments...);
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  } catch (...) {
    error = EIO;
  }
  if (error == 0) return;
  // Before the reply, which ends the request.
  const ServedImage& served = served_by(request);
  if (error == EIO && served.on_fault) served.on_fault();
  fuse_reply_err(request, error);
}

// An operation that is always refused.
template <int error, typename... Arguments>
void refuse(fuse_req_t request, Arguments...) noexcept {
  received(request);
  fuse_reply_err(request, error);
}

}  // namespace

fuse_lowlevel_ops operations() {
  fuse_lowlevel_ops table{};
  table.init = init;
  table.lookup = answer<lookup>;
  table.getattr = answer<getattr>;
  table.readlink = answer<readlink>;
  table.open = answer<open>;
  table.opendir = answer<opendir>;
  table.read = answer<read>;
  table.readdir = answer<readdir>;
  table.readdirplus = answer<readdirplus>;
  // Monitors of disks ask for it, which must not keep a mount that nobody uses.
  table.statfs = answer<statfs, false>;
  table.getxattr = answer<getxattr>;
  table.listxattr = answer<listxattr>;

  // The kernel checks permissions itself, and stops asking after one ENOSYS.
  table.access = refuse<ENOSYS>;
  table.ioctl = refuse<ENOTTY>;

  // For a mount that somebody made writable.
  table.setattr = refuse<EROFS>;
  table.setxattr = refuse<EROFS>;
  table.removexattr = refuse<EROFS>;
  table.mknod = refuse<EROFS>;
  table.mkdir = refuse<EROFS>;
  table.symlink = refuse<EROFS>;
  table.link = refuse<EROFS>;
  table.unlink = refuse<EROFS>;
  table.rmdir = refuse<EROFS>;
  table.rename = refuse<EROFS>;
  table.create = refuse<EROFS>;
  table.write = refuse<EROFS>;
  table.fallocate = refuse<EROFS>;
  return table;
}

}  // namespace xar::fuse
