// SPDX-License-Identifier: BSD-2-Clause
// The steps of a launch without their effects: each asks the same functions that the
// launch's step begins with.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "backend/attempts.hpp"
#include "xar/base/progress.hpp"

namespace xar::backend {
namespace {

namespace fs = std::filesystem;

// The directory of the mount in a namespace of its own, looked for by a child process:
// who finds it is in that namespace afterwards.
std::optional<fs::path> find_in_namespace(const Slots& slots,
                                          const mount::Archive& archive) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const base::Fd ours(ends[0]);
  base::Fd theirs(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      const auto pinned = mount::pin_in_namespace(slots, archive);
      const std::string path = pinned ? pinned->directory.native() : "";
      static_cast<void>(::write(theirs.get(), path.data(), path.size()));
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  theirs.reset();
  std::array<char, PATH_MAX> path{};
  const ssize_t size = child < 0 ? 0 : ::read(ours.get(), path.data(), path.size());
  while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (size <= 0) return std::nullopt;
  return std::string(path.data(), static_cast<std::size_t>(size));
}

class Foresight : public Attempts {
 public:
  Foresight(const Request& request, const Obstacles& obstacles, std::uint64_t size)
      : request_(request), obstacles_(obstacles), size_(size) {}

  [[nodiscard]] std::optional<Plan::Success> success() const { return success_; }

  bool use_mount(const Slots& slots) override {
    if (request_.archive.fd < 0) return false;
    const auto there = mount::pin(slots, request_.archive);
    if (there) success_ = {Backend::kFuse, true, there->directory};
    return there.has_value();
  }
  bool use_mount_in_namespace(const Slots& slots) override {
    if (request_.archive.fd < 0) return false;
    const auto there = find_in_namespace(slots, request_.archive);
    if (there) success_ = {Backend::kUserns, true, *there};
    return there.has_value();
  }
  bool use_unpacked(const cache::Location& location) override {
    const mount::Archive& archive = request_.archive;
    if (archive.fd < 0) return false;
    const auto there = cache::directory_of(
        location, {archive.path, archive.fd, request_.header, archive.identity});
    if (there) success_ = {Backend::kExtract, true, *there};
    return there.has_value();
  }

  void mount(const mount::MountSlot& slot) override {
    mount_at(Backend::kFuse, obstacles_.to_fuse, slot);
  }
  void mount_in_namespace(const mount::MountSlot& slot) override {
    mount_at(Backend::kUserns, obstacles_.to_userns, slot);
  }
  void unpack(const cache::Location& location) override {
    const cache::Condition condition = cache::examine(location);
    if (!condition.problem.empty())
      throw base::Error(base::Errc::kUnsafe, condition.problem);
    if (condition.free_bytes < size_) {
      throw base::Error(base::Errc::kNoSpace, "cannot use", condition.folder,
                        base::human_size(condition.free_bytes) +
                            " are free, needed are " + base::human_size(size_));
    }
    success_ = {Backend::kExtract, false, condition.folder};
  }

 private:
  void mount_at(Backend backend, const std::string& obstacle,
                const mount::MountSlot& slot) {
    if (!obstacle.empty()) throw base::Error(obstacle);
    mount::check(slot);
    success_ = {backend, false, slot.user_folder};
  }

  const Request& request_;
  const Obstacles& obstacles_;
  std::uint64_t size_;
  std::optional<Plan::Success> success_;
};

}  // namespace

Plan plan(const Request& request, const Obstacles& obstacles, std::uint64_t size) {
  Foresight foresight(request, obstacles, size);
  std::vector<FailedAttempt> failures;
  Plan result;
  if (try_backends(request, foresight, failures)) result.success = foresight.success();
  for (const FailedAttempt& failure : failures) {
    result.failures.push_back({failure.backend, failure.place, reason_of(failure)});
  }
  return result;
}

}  // namespace xar::backend
