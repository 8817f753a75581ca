// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/status_page.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <cstring>
#include <ctime>
#include <new>
#include <optional>

#include "mount/server/server.hpp"
#include "xar/base/clock.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/proc.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "xar-server";
constexpr auto kMagic = std::bit_cast<std::uint64_t>(
    std::array<char, 8>{'x', 'a', 'r', 's', 'r', 'v', '0', '2'});

// The record as it lies in memory. Another version of xarexec that lays it out
// differently has another magic.
struct Layout {
  std::atomic<std::uint64_t> magic = 0;
  std::uint64_t device = 0;
  std::uint64_t started = 0;  // seconds of the monotonic clock
  std::uint64_t timeout = 0;
  fuse::Activity activity;
  std::array<char, PATH_MAX> point{};
  std::array<char, PATH_MAX> archive{};
  std::array<char, PATH_MAX> lock_file{};  // empty: none
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

void store(std::array<char, PATH_MAX>& out, const fs::path& path) {
  const std::string& text = path.native();
  std::copy_n(text.begin(), std::min(text.size(), out.size() - 1), out.begin());
}

// Nothing where the text does not end.
std::optional<std::string> load(const char* text, std::size_t room) {
  const std::size_t length = ::strnlen(text, room);
  if (length == 0 || length == room) return std::nullopt;
  return std::string(text, length);
}

std::uint64_t since(std::uint64_t then) {
  const std::uint64_t now = base::monotonic_seconds();
  return now > then ? now - then : 0;
}

template <typename T>
T field(base::ByteView bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// Whether the memory behind `fd` belongs to `owner`. A process can be handed memory of
// another user, who would then speak in its name.
bool belongs_to(int fd, uid_t owner) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && status.st_uid == owner;
}

// Whether the memory behind `fd` is a record. What is read afterwards is complete.
bool is_published(int fd) {
  std::uint64_t magic = 0;
  if (::pread(fd, &magic, sizeof magic, 0) != sizeof magic) return false;
#if !defined(__SANITIZE_THREAD__)  // which knows of no fences, nor of other processes
  std::atomic_thread_fence(std::memory_order_acquire);
#endif
  return magic == kMagic;
}

// The record behind `path` in a process of `owner`.
std::optional<Server> read_record(const fs::path& path, uid_t owner) {
  // Not memory of ours: it is copied before it is looked at, and no longer read then.
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  base::Bytes bytes(sizeof(Layout));
  if (!fd || !belongs_to(fd.get(), owner) || !is_published(fd.get()) ||
      ::pread(fd.get(), bytes.data(), bytes.size(), 0) !=
          static_cast<ssize_t>(bytes.size())) {
    return std::nullopt;
  }
  auto server = parse_status_page(bytes);
  if (server) server->owner = owner;
  return server;
}

// What the kernel says of the process; false if it is gone.
bool add_process(const fs::path& process, Server& server) {
  const char state = base::process_state(server.pid);
  if (state == '\0') return false;
  server.stopped = state == 'T' || state == 't';
  try {
    // "size resident shared ...", in pages.
    const std::string pages = base::read_text(process / "statm", 1024);
    std::uint64_t resident = 0;
    const char* number = pages.c_str() + pages.find(' ') + 1;
    std::from_chars(number, pages.c_str() + pages.size(), resident);
    server.memory = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  } catch (const base::SystemError&) {
    return false;
  }
  return true;
}

bool is_record(const fs::path& path) {
  return base::read_link(path).starts_with(std::string("/memfd:") + kName + ' ');
}

}  // namespace

std::size_t status_page_size() {
  return sizeof(Layout);
}

std::optional<Server> parse_status_page(base::ByteView bytes) {
  if (bytes.size() != sizeof(Layout) || field<std::uint64_t>(bytes, 0) != kMagic) {
    return std::nullopt;
  }
  const char* text = reinterpret_cast<const char*>(bytes.data());
  const auto point = load(text + offsetof(Layout, point), PATH_MAX);
  const auto archive = load(text + offsetof(Layout, archive), PATH_MAX);
  if (!point || !archive) return std::nullopt;

  Server server;
  server.device = field<std::uint64_t>(bytes, offsetof(Layout, device));
  server.point = *point;
  server.archive = *archive;
  server.lock_file = load(text + offsetof(Layout, lock_file), PATH_MAX).value_or("");
  server.timeout =
      static_cast<std::uint32_t>(field<std::uint64_t>(bytes, offsetof(Layout, timeout)));
  const auto started = field<std::uint64_t>(bytes, offsetof(Layout, started));
  const auto latest = field<std::uint64_t>(
      bytes, offsetof(Layout, activity) + offsetof(fuse::Activity, latest));
  server.uptime = since(started);
  server.quiet = since(std::max(started, latest));
  return server;
}

StatusPage::StatusPage(const ServeOptions& options) {
  fd_.reset(::memfd_create(kName, MFD_CLOEXEC));
  if (!fd_ || ::ftruncate(fd_.get(), sizeof(Layout)) != 0) return;
  void* memory =
      ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (memory == MAP_FAILED) return;
  memory_ = memory;
  auto* layout = new (memory_) Layout;
  layout->started = base::monotonic_seconds();
  layout->timeout = options.timeout;
  store(layout->point, options.point);
  store(layout->archive, options.archive);
  if (options.lease != nullptr) store(layout->lock_file, options.lease->lock_file());
  activity_ = &layout->activity;
}

void StatusPage::publish(std::uint64_t device) {
  if (memory_ == nullptr) return;
  auto* const layout = static_cast<Layout*>(memory_);
  layout->device = device;
  // Last, and not to be seen before what was written until now: it makes this a record.
  layout->magic.store(kMagic, std::memory_order_release);
}

StatusPage::~StatusPage() {
  if (memory_ != nullptr) ::munmap(memory_, sizeof(Layout));
}

std::vector<Server> find_servers() {
  std::vector<Server> servers;
  base::for_each_process([&](pid_t pid, const fs::path& process) {
    base::for_each_name(process / "fd", [&](const char* number) {
      const fs::path file = process / "fd" / number;
      if (!is_record(file)) return;
      struct stat status {};
      if (::stat(process.c_str(), &status) != 0) return;
      auto server = read_record(file, status.st_uid);
      if (!server) return;
      server->pid = pid;
      if (!add_process(process, *server)) return;
      servers.push_back(std::move(*server));
    });
  });
  return servers;
}

}  // namespace xar::mount
