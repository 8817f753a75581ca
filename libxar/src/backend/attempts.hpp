// SPDX-License-Identifier: BSD-2-Clause
// What is tried for a request, and in which order.
#pragma once

#include <exception>
#include <filesystem>
#include <vector>

#include "xar/backend.hpp"

namespace xar::backend {

using Slots = std::vector<mount::MountSlot>;

// The single steps, done by a launch and foretold for a plan. The former throw
// base::Error where they fail.
class Attempts {
 public:
  Attempts() = default;
  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;
  virtual ~Attempts() = default;

  // Use what is there. Return whether it is.
  virtual bool use_mount(const Slots& slots) = 0;
  virtual bool use_mount_in_namespace(const Slots& slots) = 0;
  virtual bool use_unpacked(const cache::Location& location) = 0;

  // Make it. Throw base::Error where that fails.
  virtual void mount(const mount::MountSlot& slot) = 0;
  virtual void mount_in_namespace(const mount::MountSlot& slot) = 0;
  virtual void unpack(const cache::Location& location) = 0;
};

// An attempt that failed, with the exception as it was thrown.
struct FailedAttempt {
  Backend backend;
  std::filesystem::path place;
  std::exception_ptr error;
};

// Tries one after the other until one succeeds, and returns whether one did. Appends
// those that failed to `failures`. Throws base::Error where the archive is at fault, so
// that no other attempt could succeed.
bool try_backends(const Request& request, Attempts& attempts,
                  std::vector<FailedAttempt>& failures);

// What the exception of a failed attempt says.
std::string reason_of(const FailedAttempt& failure);

}  // namespace xar::backend
