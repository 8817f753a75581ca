// SPDX-License-Identifier: BSD-2-Clause
#include "backend/attempts.hpp"

#include <fcntl.h>

#include <algorithm>
#include <new>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/log.hpp"
#include "xar/image.hpp"

namespace xar::backend {
namespace {

using Locations = std::vector<cache::Location>;

// Each place and backend gets its try. One that fails costs the next ones little: each
// finds out at once what the kernel or the machine lacks.
class Search {
 public:
  Search(const Request& request, Attempts& attempts, std::vector<FailedAttempt>& failures)
      : request_(request), attempts_(attempts), failures_(failures) {}

  // What is mounted is used before anything is tried: this is the way of every later run.
  bool run() {
    find_places();
    return (is_asked_for(Backend::kFuse) && attempts_.use_mount(slots_)) ||
           (is_asked_for(Backend::kUserns) && attempts_.use_mount_in_namespace(slots_)) ||
           (is_asked_for(Backend::kFuse) && mount(Backend::kFuse)) ||
           (is_asked_for(Backend::kUserns) && mount(Backend::kUserns)) ||
           (is_asked_for(Backend::kExtract) && extract());
  }

 private:
  [[nodiscard]] bool is_asked_for(Backend backend) const {
    if (request_.backend) return *request_.backend == backend;
    return !(request_.for_others && backend == Backend::kUserns);
  }

  void find_places() {
    try {
      slots_ = mount::locate(request_.header, request_.context);
      for (const mount::MountSlot& slot : slots_) {
        if (base::is_debugging()) base::debug("place: " + slot.directory().native());
      }
    } catch (const base::Error&) {
      without_places_ = std::current_exception();
    }
  }

  bool mount(Backend backend) {
    if (slots_.empty()) failures_.push_back({backend, {}, without_places_});
    return std::any_of(slots_.begin(), slots_.end(), [&](const mount::MountSlot& slot) {
      return succeeds(backend, slot.user_folder, [&] {
        if (backend == Backend::kFuse) {
          attempts_.mount(slot);
        } else {
          attempts_.mount_in_namespace(slot);
        }
      });
    });
  }

  // Where programs cannot be executed comes last, and only if none has to be.
  bool extract() {
    Locations with_exec;
    Locations noexec;
    const Locations all = request_.locations();
    for (const cache::Location& location : all) {
      (cache::is_noexec(location) ? noexec : with_exec).push_back(location);
    }
    if (use_unpacked(with_exec)) return true;
    const bool refused = !noexec.empty() && request_.needs_exec && request_.needs_exec();
    for (const cache::Location& location : all) {
      if (!cache::is_noexec(location)) {
        if (unpack(location)) return true;
      } else if (refused) {
        refuse_noexec(location);
      }
    }
    return !refused && (use_unpacked(noexec) ||
                        std::any_of(noexec.begin(), noexec.end(),
                                    [this](const auto& at) { return unpack(at); }));
  }

  bool use_unpacked(const Locations& locations) {
    return std::any_of(locations.begin(), locations.end(), [this](const auto& location) {
      try {
        return attempts_.use_unpacked(location);
      } catch (const base::Error&) {
        return false;  // What is wrong with it says unpack().
      }
    });
  }

  bool unpack(const cache::Location& location) {
    return succeeds(Backend::kExtract, location.folder,
                    [&] { attempts_.unpack(location); });
  }

  void refuse_noexec(const cache::Location& location) {
    const base::Error error(base::Errc::kUnsafe, "cannot use", location.folder,
                            "its file system is mounted noexec");
    failures_.push_back(
        {Backend::kExtract, location.folder, std::make_exception_ptr(error)});
  }

  // A fault of the archive is no backend's and no place's, and thrown.
  template <typename Attempt>
  bool succeeds(Backend backend, const std::filesystem::path& place,
                const Attempt& attempt) {
    const std::string what =
        base::is_debugging() ? name_of(backend) + (' ' + place.native()) : "";
    base::debug("try " + what);
    try {
      attempt();
      return true;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      const auto* known = dynamic_cast<const base::Error*>(&error);
      if (known != nullptr && base::is_archives_fault(known->kind())) throw;
      failures_.push_back({backend, place, std::current_exception()});
      base::debug("failed: " + what + ": " + error.what());
    }
    require_image();
    return false;
  }

  void require_image() const {
    const mount::Archive& archive = request_.archive;
    if (archive.fd < 0) return;
    base::Fd file = base::duplicate(archive.fd, archive.path);
    image::Image::open(std::move(file), archive.offset, archive.path);
  }

  const Request& request_;
  Attempts& attempts_;
  std::vector<FailedAttempt>& failures_;
  Slots slots_;
  std::exception_ptr without_places_;
};

}  // namespace

bool try_backends(const Request& request, Attempts& attempts,
                  std::vector<FailedAttempt>& failures) {
  return Search(request, attempts, failures).run();
}

std::string reason_of(const FailedAttempt& failure) {
  try {
    std::rethrow_exception(failure.error);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace xar::backend
