// SPDX-License-Identifier: BSD-2-Clause
// The mount that all runs of an archive share: where it belongs, whether it is there,
// alive and of this archive, and how it is made exactly once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/fd.hpp"
#include "xar/header.hpp"

namespace xar::mount {

// What decides, besides the archive's header, where an archive is mounted and for how
// long.
struct MountContext {
  // Mount roots, tried in order where the header names none.
  std::vector<std::filesystem::path> roots = {"/mnt/xarfuse", "/dev/shm"};
  // $XDG_RUNTIME_DIR. Its subdirectory "xar" is tried last. Empty: none.
  std::filesystem::path runtime_folder;
  // Replaces the namespaces' numbers in the mount's name.
  std::optional<std::string> seed;
  // Idle seconds after which the server unmounts; 0: never.
  std::uint32_t timeout = 870;
  // FUSE's configuration file. It says whether root may enter users' mounts.
  std::filesystem::path fuse_conf = "/etc/fuse.conf";
};

// A directory for an archive's mount, and the lock file beside it. Neither need exist.
struct MountSlot {
  std::filesystem::path user_folder;  // <root>/uid-<effective uid>
  std::string name;                   // of the directory in user_folder
  mode_t folder_mode = 0755;          // of user_folder

  [[nodiscard]] std::filesystem::path directory() const { return user_folder / name; }
  [[nodiscard]] std::string lock_name() const { return "lockfile." + name; }
};

// Returns the slots in which an archive with `header` may be mounted for the calling
// process's user and namespaces: at least one, the preferred one first. Creates nothing.
// Throws base::Error if no mount root is usable.
std::vector<MountSlot> locate(const header::Header& header, const MountContext& context);

// Whether `directory` is usable as a mount root: its mode is 1777, and it belongs to
// root, to the effective user, or to a user without a number in this user namespace.
bool is_mount_root(const std::filesystem::path& directory);

// Whether `directory` fulfils what the XDG base directory specification demands of
// XDG_RUNTIME_DIR: the effective user owns it, and its mode is 0700.
bool is_runtime_folder(const std::filesystem::path& directory);

// An open archive that is to be mounted.
struct Archive {
  std::filesystem::path path;
  int fd = -1;               // open for reading; borrowed
  std::uint64_t offset = 0;  // of the image, in bytes
  // Identifies the file and its state: differs between files, and changes when the file
  // is written to.
  std::string identity;
  // SHA-256 of the image, as header::Header has it.
  std::optional<std::string> image_sha256 = std::nullopt;
  // Limit for the server's cache of decompressed blocks, in bytes.
  std::size_t cache_size = std::size_t{64} << 20;
};

// Returns the Archive for the file that is open as `fd`, which the caller keeps. Throws
// base::SystemError.
Archive identify(const std::filesystem::path& path, int fd, const header::Header& header);

// Checks what can be checked of `slot` without creating anything. Throws base::Error if
// the user's folder is unsafe, or can be neither created nor written to.
void check(const MountSlot& slot);

// A live mount that cannot be unmounted while this object exists.
struct Pinned {
  base::Fd fd;  // the mount's root, opened with O_PATH; close-on-exec
  std::filesystem::path directory;
  bool fresh = false;  // this call has made the mount
};

// Returns the mount of `archive` in one of `slots`, if there is one whose server answers,
// and updates the last-use time that clean() reads. Continues a server that has been
// stopped. Takes no lock. Ignores user folders that are unsafe.
std::optional<Pinned> pin(const std::vector<MountSlot>& slots, const Archive& archive);

// As pin() with one slot, but mounts the archive if its mount is missing, dead or stuck.
// If several processes call this at once, one of them mounts. If another archive with the
// same UUID occupies the slot, mounts beside it. Leaves a server process behind, which
// ends once the mount has been idle for the time-out. Throws base::Error if the image
// cannot be mounted; nothing of the attempt is left then. The calling process must have
// no other thread.
Pinned ensure(const MountSlot& slot, const Archive& archive, const MountContext& context);

// As pin(), for mounts that ensure_in_namespace() has made. If it finds one, the calling
// process is in the mount's user and mount namespaces afterwards, and keeps its working
// directory. There it is still the same user, but files of other users seem to be
// nobody's, and set-user-ID programs have no effect. If the mount goes away meanwhile,
// nothing is found, but the process may be in the namespaces. The calling process must
// have no other thread.
std::optional<Pinned> pin_in_namespace(const std::vector<MountSlot>& slots,
                                       const Archive& archive);

// As ensure(), but in a user and mount namespace made for this mount. Needs /dev/fuse and
// the right to make user namespaces, but neither privileges nor a helper. The calling
// process is in the namespaces afterwards, see pin_in_namespace(). If the caller cannot
// look up the path of the working directory, the namespaces are not shared with other
// launches, because entering theirs would lose the directory.
Pinned ensure_in_namespace(const MountSlot& slot, const Archive& archive,
                           const MountContext& context);

// Records that the path of the mount `directory`, whose root is open as `root`, was given
// to processes that may use it without launching the archive. The server then stays for
// the whole time-out, even after the last process has ended that could launch the archive
// from the same PID namespace and cgroup. Has no effect on a directory that is no mount.
void note_path_given(const std::filesystem::path& directory, int root);

}  // namespace xar::mount
