// SPDX-License-Identifier: BSD-2-Clause
// The archives that are mounted, the processes that use them, and unmounting.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace xar::mount {

// A server process, as it describes itself. Only processes of its user, and of root, can
// have written the description.
struct Server {
  pid_t pid = -1;
  std::uint64_t device = 0;     // of its file system: major number << 32 | minor
  std::filesystem::path point;  // in the server's mount namespace
  std::filesystem::path archive;
  // The lock file by which launches find the server, in the same or another mount
  // namespace. Empty: launches do not use the mount.
  std::filesystem::path lock_file;
  std::uint32_t timeout = 0;  // idle seconds; 0: never idle
  std::uint64_t uptime = 0;   // seconds
  std::uint64_t quiet = 0;    // seconds since the latest request
  uid_t owner = 0;
  std::uint64_t memory = 0;  // resident memory of its own, in bytes
  bool stopped = false;      // by a signal or a debugger: it does not answer
};

// Whether a mount is served.
enum class Service {
  kServed,
  kDead,       // its server has ended
  kStuck,      // its server exists and does not answer
  kElsewhere,  // served, but in another mount namespace, or unmounted and still in use
  kUnknown,    // it belongs to another user
};

// A mount of an archive, made by xarexec or the original launcher.
struct Mounted {
  std::filesystem::path point;
  std::filesystem::path archive;  // empty if the original launcher mounted it
  uid_t owner = 0;
  std::uint64_t device = 0;  // as Server::device
  Service service = Service::kUnknown;
  // Empty if there is none, it is another user's, or the original launcher's.
  std::optional<Server> server;
  // Seconds since the last launch or request, whichever came later, if either is known.
  // Does not count what the kernel answers by itself: find_processes_using() does.
  std::optional<std::uint64_t> idle;
};

// Returns the archives that are mounted in this mount namespace, in the order of the
// mount table, then those of which only the server is visible. Does not ask servers that
// describe themselves, and does not count as a use of their mounts; gives other servers
// two seconds to answer. Throws base::SystemError if there is no /proc.
std::vector<Mounted> list_mounted();

// Returns the element of `all`, which list_mounted() has made, that `point` shows: the
// uppermost mount at `point` in this mount namespace, otherwise one at `point` in another
// namespace, otherwise nullptr. `point` must be absolute.
const Mounted* mounted_at(const std::vector<Mounted>& all,
                          const std::filesystem::path& point);

// A process that has a file of a mount open or mapped, has its working or root directory
// there, or is executed from there.
struct UsingProcess {
  pid_t pid = -1;
  std::string command;  // its short name
};

// Returns the processes that use each of `mounts`, in the same order, as far as the
// caller may see them: root sees all, others see their own. Reads only /proc.
std::vector<std::vector<UsingProcess>> find_processes_using(
    const std::vector<Mounted>& mounts);

// Whether another process uses `directory` or a file below it, see UsingProcess.
bool is_in_use(const std::filesystem::path& directory);

// Unmounts `mounted`. Throws base::Error if it is in use, naming the processes; if it is
// another user's and the caller is not root; and, with fusermount3's own words, if
// fusermount3 refuses. If `lazily`, a mount in use is unmounted as well: one that
// launches share stays for its present users and is not used by later launches; any other
// one is detached at once, and files that are open stay readable. For a mount in another
// mount namespace, asks its server to unmount, and waits for five seconds at most.
void unmount(const Mounted& mounted, bool lazily);

// Unmounts several, in order. Calls `failed` with each exception that unmount() would
// throw, and continues. Waits for all servers at once.
void unmount(const std::vector<Mounted>& mounts, bool lazily,
             const std::function<void(std::exception_ptr)>& failed);

}  // namespace xar::mount
