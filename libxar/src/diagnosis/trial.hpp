// SPDX-License-Identifier: BSD-2-Clause
// Mounting FUSE for a trial: in a child process and a mount namespace of its own, with
// which all of it ends. Asking the kernel is the only answer that is right: capabilities,
// sysctls, seccomp, AppArmor and the device cgroup each have a say.
#pragma once

namespace xar::diagnosis {

// How far a trial came.
enum class Step { kNamespace, kDevice, kMount, kDone };

struct Trial {
  Step failed_at = Step::kDone;
  int error = 0;  // errno of the step that failed

  [[nodiscard]] bool passed(Step step) const { return failed_at > step; }
};

// With the rights that this process has, or in a user namespace of its own, where an
// ordinary user may mount.
enum class Rights { kOwn, kUserNamespace };
Trial try_mounting(Rights rights);

}  // namespace xar::diagnosis
