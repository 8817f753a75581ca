// SPDX-License-Identifier: BSD-2-Clause
// The mount that all runs of an archive share: where it is, whether it is there,
// alive and of this archive, and making it exactly once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/fd.hpp"
#include "xar/header.hpp"

namespace xar::mount {

// What of the machine and the caller decides where an archive is mounted and
// for how long.
struct Surroundings {
  // Tried in order where the header names no root of its own.
  std::vector<std::filesystem::path> roots = {"/mnt/xarfuse", "/dev/shm"};
  // The user's own folder for what lasts as long as the session, $XDG_RUNTIME_DIR; tried
  // last, as a directory "xar" in it. Empty: none.
  std::filesystem::path runtime_folder;
  // The caller's own word in the mount's name instead of its namespaces'.
  std::optional<std::string> seed;
  // Idle seconds after which the mount is taken away; 0: never.
  std::uint32_t timeout = 870;
  // FUSE's configuration, which says whether root may look into users' mounts.
  std::filesystem::path fuse_conf = "/etc/fuse.conf";
};

// Where an archive belongs. Nothing of it need exist.
struct Place {
  std::filesystem::path user_folder;  // <root>/uid-<effective uid>
  std::string name;                   // of the mount's directory in it
  mode_t folder_mode = 0755;          // of user_folder

  [[nodiscard]] std::filesystem::path directory() const { return user_folder / name; }
  [[nodiscard]] std::string lock_name() const { return "lockfile." + name; }
};

// The places where an archive of this header may be mounted, for the calling process's
// user and namespaces, the best first; at least one. Creates nothing. Throws base::Error
// if no mount root is fit: a directory of mode 1777 that belongs to root or to the user.
std::vector<Place> locate(const header::Header& header, const Surroundings& surroundings);

// Whether users can have folders for their mounts in `directory`: it has mode 1777 and
// belongs to root, to the effective user, or to a user who has no number in this user
// namespace.
bool is_mount_root(const std::filesystem::path& directory);

// Whether `directory` is what the XDG base directory specification demands of
// XDG_RUNTIME_DIR: the effective user's, of mode 0700.
bool is_runtime_folder(const std::filesystem::path& directory);

// An archive to be mounted: a file that is open.
struct Archive {
  std::filesystem::path path;
  int fd = -1;               // open for reading
  std::uint64_t offset = 0;  // where its image starts
  // Which file this is, in which state: differs from that of every other file, and from
  // that of the same file once something has been written to it.
  std::string identity;
  // SHA-256 of the image, as header::Header has it.
  std::optional<std::string> image_sha256 = std::nullopt;
  // Bytes that its server keeps decompressed at most.
  std::size_t cache_size = std::size_t{64} << 20;
};

// Fills an Archive in; `fd` stays the caller's. Throws base::SystemError.
Archive identify(const std::filesystem::path& path, int fd, const header::Header& header);

// Throws base::Error if nothing could be mounted at `place`: the user's folder is not
// safe to use, cannot be created, or cannot be written to. Creates nothing.
void check(const Place& place);

// A live mount that cannot go away while this exists.
struct Pinned {
  base::Fd fd;  // O_PATH, the mount's root; close-on-exec
  std::filesystem::path directory;
  bool fresh = false;  // made by this call
};

// The mount of this very archive at one of `places`, if it is there and its server
// answers, and notes the use for those who clean up. Takes no lock. A server that has
// been stopped is continued. A folder that is not safe to use holds no mount.
std::optional<Pinned> pin(const std::vector<Place>& places, const Archive& archive);

// As pin() at one place, and makes the mount if it is not there or its server is dead or
// stuck. However many processes ask at once, one makes it. Where another archive of the
// same UUID has the place, it is mounted beside that. The server stays behind as a
// process of its own and leaves once the mount has been idle for the time-out. Throws
// base::Error if the image cannot be mounted at `place`; nothing of the attempt is left
// then. The caller must have no other thread.
Pinned ensure(const Place& place, const Archive& archive,
              const Surroundings& surroundings);

// As pin(), for mounts that ensure_in_namespace() has made. If one is found, the calling
// process is in its user and mount namespace afterwards, in the working directory in
// which it was: it is who it was, files of others seem to be nobody's, and set-user-ID
// programs have no effect. If the mount goes away just then, nothing is found, but the
// process may be in the namespaces all the same. The caller must have no other thread.
std::optional<Pinned> pin_in_namespace(const std::vector<Place>& places,
                                       const Archive& archive);

// As ensure(), in a user and mount namespace that exists for this mount: needs /dev/fuse
// and the right to make user namespaces, but neither privileges nor a helper. The calling
// process is in them afterwards, as pin_in_namespace() has it. Where the working
// directory has no path that the caller may look up, the namespaces are this call's own:
// to enter others would mean to lose it.
Pinned ensure_in_namespace(const Place& place, const Archive& archive,
                           const Surroundings& surroundings);

// Says that the path of a mount, `directory`, whose root is open as `root`, is given to
// others, who may use it without a launch. Its server then stays for the whole time-out
// also where the last process has ended that could launch the archive from the same PID
// namespace and cgroup. Without effect on what is no mount.
void note_path_given(const std::filesystem::path& directory, int root);

// How an archive is mounted on a directory of the user's choice.
struct Holding {
  // Idle seconds after which the mount is taken away; 0: it is held.
  std::uint32_t timeout = 0;
  // Let everyone in whom the files' own permissions let in, or root besides the owner.
  // Users other than root may say so only where FUSE's configuration allows it.
  bool allow_other = false;
  bool allow_root = false;
  bool noexec = false;  // nothing in it may be executed
};

// Mounts `archive` on the directory `point` and leaves its server behind. A dead mount
// of the same user at that place is replaced. Throws base::Error if an archive is
// mounted there already or this one cannot be. The caller must have no other thread.
void hold(const Archive& archive, const std::filesystem::path& point,
          const Holding& holding);

// A process that serves a mount, as it describes itself. That is its own word, which
// only processes of its user and root can have put there.
struct Server {
  pid_t pid = -1;
  std::uint64_t device = 0;     // of its file system: major number << 32 | minor
  std::filesystem::path point;  // in the server's mount namespace
  std::filesystem::path archive;
  // By which launches find it, outside of its mount namespace, too; empty:
  // none.
  std::filesystem::path lock_file;
  std::uint32_t timeout = 0;  // idle seconds; 0: never idle
  std::uint64_t uptime = 0;   // seconds
  std::uint64_t quiet = 0;    // seconds since the latest request
  uid_t owner = 0;
  std::uint64_t memory = 0;  // of its own, resident, in bytes
  bool stopped = false;      // by a signal or a debugger: it answers nobody
};

// What is known of who serves a mount.
enum class Service {
  kServed,
  kDead,       // nobody does any more
  kStuck,      // its server is there and does not answer
  kElsewhere,  // served, but mounted in another mount namespace or only in use still
  kUnknown,    // another user's
};

// A mount of an archive, made by xarexec or the original.
struct Mounted {
  std::filesystem::path point;
  std::filesystem::path archive;  // empty where the original mounted it
  uid_t owner = 0;
  std::uint64_t device = 0;  // as Server::device
  Service service = Service::kUnknown;
  // Nothing where there is no such process, it is another user's, or the original's.
  std::optional<Server> server;
  // Seconds since a launch or a request, whichever came later, if either is known. What
  // the kernel answers by itself is not seen: find_users() tells what is in use.
  std::optional<std::uint64_t> idle;
};

// The archives mounted in this mount namespace, in the order of the mount table, then
// those whose servers only are to be seen. Servers that describe themselves are not
// asked, and to be listed is no use of their mounts; others have two seconds to answer.
// Throws base::SystemError if there is no /proc.
std::vector<Mounted> list_mounted();

// What `point`, absolute, shows in this mount namespace: the mount that lies uppermost
// there; else one elsewhere at that point, or nullptr. Points into `all`, which
// list_mounted() has made.
const Mounted* mounted_at(const std::vector<Mounted>& all,
                          const std::filesystem::path& point);

// A process that has something of a mount open, mapped, as its working or root directory,
// or is executed from it.
struct User {
  pid_t pid = -1;
  std::string command;  // its short name
};

// The users of each of `mounts`, in their order, as far as the caller may see: root sees
// all, others their own processes. Of /proc alone, as list_mounted().
std::vector<std::vector<User>> find_users(const std::vector<Mounted>& mounts);

// Whether another process uses `directory`, as a User does a mount, or what is below it.
bool is_in_use(const std::filesystem::path& directory);

// Takes a mount away. Throws base::Error that says who uses it if it is in use, or whose
// it is if it is another user's and the caller is not root; with fusermount3's own words
// where that refuses. If `lazily`, one in use goes, too: a mount that launches share is
// not used by later ones and goes when its last user is done, one that is held goes at
// once, and who has something of it open keeps that. For a mount that is elsewhere, asks
// its server, for five seconds at most.
void unmount(const Mounted& mounted, bool lazily);

// The same for several, the first first, whatever becomes of the others: calls `failed`
// with what unmount() would throw. Their servers are waited for all at once.
void unmount(const std::vector<Mounted>& mounts, bool lazily,
             const std::function<void(std::exception_ptr)>& failed);

// What runs leave behind that ended badly, or long ago.
enum class Leftover {
  kDeadMount,  // nobody serves it any more
  kDirectory,  // to mount on, with nothing mounted
  kLock,       // of a mount that is not there
  kCached,     // a block that builds have not used for long
};

struct Cleaning {
  // Seconds since the last launch before a directory or a lock is one; dead mounts are at
  // once.
  std::uint64_t older_than = 86400;
  // The same for what xarbuild caches, in `cache`; empty: none.
  std::filesystem::path cache;
  std::uint64_t cached_older_than = 30 * 86400;
  bool dry_run = false;  // report, and leave everything as it is
};

// Removes what is left over of the calling user, of every user if that is root, below
// the roots of `surroundings`, in the caller's runtime folder, and dead mounts wherever
// they are. Nothing that is in use, in this mount namespace or another, or about to be:
// who mounts holds the lock that this takes, and a server holds one on its directory.
// Calls `removed` for each. What cannot be removed is left.
void clean(const Surroundings& surroundings, const Cleaning& cleaning,
           const std::function<void(Leftover, const std::filesystem::path&)>& removed);

}  // namespace xar::mount
