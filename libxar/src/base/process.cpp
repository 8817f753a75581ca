// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "base/inherited.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/log.hpp"

namespace xar::base {
namespace {

// Of a process that never came to its own work.
constexpr int kExitFailure = 125;

constexpr std::size_t kMaxErrors = 4096;

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const std::string& s : strings) result.push_back(const_cast<char*>(s.c_str()));
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
  std::vector<std::string> result = added;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(added.begin(), added.end(), [&](const auto& a) {
      return std::string_view(a).starts_with(name);
    });
    if (!replaced) result.emplace_back(text);
  }
  return result;
}

// posix_spawn's file actions, freed with the scope.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open_null(int fd, int flags) {
    posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", flags, 0);
  }
  // Duplicating a descriptor onto itself clears its close-on-exec flag.
  void keep(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// posix_spawn's attributes: signals as a program expects them, whatever is blocked here.
class SpawnAttributes {
 public:
  explicit SpawnAttributes(bool leads_group) {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    ::sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    short flags = POSIX_SPAWN_SETSIGMASK;
    if (leads_group) flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(&attributes_, flags);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

void wait_for_data(int fd, const std::function<void()>& meanwhile) {
  constexpr int kMilliseconds = 100;
  pollfd watched{fd, POLLIN, 0};
  do {
    meanwhile();
  } while (::poll(&watched, 1, kMilliseconds) <= 0);
}

std::string read_to_end(int fd, const std::function<void()>& meanwhile) {
  std::string text;
  char buffer[512];
  for (;;) {
    if (meanwhile) wait_for_data(fd, meanwhile);
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    // What is too much is still read, so that the writer never blocks.
    const std::size_t room = kMaxErrors - text.size();
    text.append(buffer, std::min(room, static_cast<std::size_t>(got)));
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, __WALL) < 0) {
    if (errno != EINTR) return kExitFailure;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void redirect_standard_streams() {
  int null = ::open("/dev/null", O_RDWR);
  // In a root without devices anything that can be neither read nor written: who reads
  // the streams to their end must not have to wait for this process's.
  if (null < 0) null = ::open("/", O_PATH | O_DIRECTORY);
  if (null < 0) return;
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
  if (null > 2) ::close(null);
}

void close_range_of_fds(unsigned first, unsigned last) {
  if (first > last) return;
  if (::close_range(first, last, 0) == 0) return;
  // Kernels before 5.9 have no close_range.
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto end = std::min<rlim_t>(last, limit.rlim_cur);
  for (rlim_t fd = first; fd <= end; ++fd) ::close(static_cast<int>(fd));
}

void close_all_but(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned next = 3;
  for (const int fd : kept) {
    if (fd < 3) continue;
    if (static_cast<unsigned>(fd) > next) {
      close_range_of_fds(next, static_cast<unsigned>(fd) - 1);
    }
    next = static_cast<unsigned>(fd) + 1;
  }
  close_range_of_fds(next, UINT_MAX);
}

[[noreturn]] void be_daemon(const std::vector<int>& kept,
                            const std::function<int()>& body) {
  close_all_but(kept);
  redirect_standard_streams();
  if (::chdir("/") != 0) ::_exit(kExitFailure);
  ::umask(022);
  reset_inherited();
  int status = kExitFailure;
  try {
    status = body();
  } catch (...) {
    // Nobody listens any more; the status is all that can be said.
    status = kExitFailure;
  }
  ::_exit(status);
}

}  // namespace

DefaultSigchldGuard::DefaultSigchldGuard() {
  struct sigaction found {};
  ::sigaction(SIGCHLD, nullptr, &found);
  was_ignored_ = found.sa_handler == SIG_IGN;
  if (was_ignored_) ::signal(SIGCHLD, SIG_DFL);
}

DefaultSigchldGuard::~DefaultSigchldGuard() {
  if (was_ignored_) ::signal(SIGCHLD, SIG_IGN);
}

Child::Child(const Command& command) : name_(command.arguments.front()) {
  if (is_debugging()) {
    std::string line = "run";
    for (const std::string& word : command.arguments) (line += ' ') += word;
    debug(line);
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe for", name_);
  errors_.reset(ends[0]);
  const Fd write_end(ends[1]);

  FileActions actions;
  actions.open_null(0, O_RDONLY);
  actions.open_null(1, O_WRONLY);
  actions.keep(write_end.get(), 2);
  if (command.inherited_fd >= 0) actions.keep(command.inherited_fd, command.inherited_fd);

  const auto environment = merged_environment(command.environment);
  const SpawnAttributes attributes(command.leads_group);
  const int failure =
      ::posix_spawnp(&pid_, name_.c_str(), actions.get(), attributes.get(),
                     pointers(command.arguments).data(), pointers(environment).data());
  if (failure != 0) {
    pid_ = -1;
    throw SystemError(failure, "cannot run", name_);
  }
}

Child::~Child() {
  if (pid_ < 0) return;
  errors_.reset();
  wait_for(pid_);
}

Outcome Child::wait(const std::function<void()>& meanwhile) {
  Outcome outcome;
  outcome.errors = read_to_end(errors_.get(), meanwhile);
  outcome.status = wait_for(std::exchange(pid_, -1));
  return outcome;
}

void Child::terminate() const {
  // The group first: where there is none, the program itself.
  if (::kill(-pid_, SIGTERM) != 0) ::kill(pid_, SIGTERM);
}

Outcome run(const Command& command) {
  return Child(command).wait();
}

Outcome run(const Command& command, const std::function<void()>& meanwhile) {
  Child child(command);
  try {
    return child.wait(meanwhile);
  } catch (...) {
    child.terminate();
    throw;
  }
}

namespace {

// Whether the kernel makes this process the parent of daemons that it starts: it is the
// first of its PID namespace, or has asked for it.
bool adopts_orphans() {
  int subreaper = 0;
  return ::getpid() == 1 ||
         (::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper != 0);
}

// Whether a tracer decides on this process's system calls by a filter, which a child that
// it does not trace would inherit: the kernel refuses their calls then.
[[maybe_unused]] bool has_filter_of_tracer() {
  constexpr int kFilter = 2;
  if (::prctl(PR_GET_SECCOMP) != kFilter) return false;
  try {
    const std::string status = read_text("/proc/self/status", 1 << 14);
    return status.find("\nTracerPid:\t0\n") == status.npos;
  } catch (const SystemError&) {
    return true;
  }
}

// fork(2) for a child that no tracer of this process follows, and of whose end the parent
// is told by `signal`; 0: not at all, and wait(2) does not wait for it.
pid_t fork_unfollowed(int signal) {
#if defined(__SANITIZE_THREAD__)
  static_cast<void>(signal);
  return ::fork();  // which the sanitizer has to know of
#else
  const long untraced = has_filter_of_tracer() ? 0 : CLONE_UNTRACED;
  return static_cast<pid_t>(::syscall(SYS_clone, untraced | signal, 0, 0, 0, 0));
#endif
}

[[noreturn]] void throw_cannot_start(int error) {
  if (error == EAGAIN) {
    throw Error("cannot start a process for", "the server",
                "there are as many as you may have: see ulimit -u");
  }
  throw SystemError(error, "cannot start a process for", "the server");
}

}  // namespace

// Usually a second process leaves the daemon with init as its parent, or another process
// that takes orphans in: a payload that waits for all its children must not wait for it.
// Where that would be this very process, the daemon is its child, but one of whose end it
// is not told.
Daemon::Daemon(const std::vector<int>& kept, const std::function<int()>& body)
    : is_child_(adopts_orphans()), child_(fork_unfollowed(is_child_ ? 0 : SIGCHLD)) {
  if (child_ < 0) throw_cannot_start(errno);
  if (child_ > 0) return;
  ::setsid();
  if (is_child_) be_daemon(kept, body);
  const pid_t daemon = fork_unfollowed(SIGCHLD);
  if (daemon == 0) be_daemon(kept, body);
  ::_exit(daemon < 0 ? errno : 0);
}

Daemon::~Daemon() {
  if (child_ > 0 && !is_child_) wait_for(child_);
}

void Daemon::require() {
  if (is_child_) return;
  const int status = wait_for(std::exchange(child_, -1));
  if (status != 0) throw_cannot_start(status);
}

void Daemon::wait() {
  if (is_child_ && child_ > 0) wait_for(std::exchange(child_, -1));
}

}  // namespace xar::base
