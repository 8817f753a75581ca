// SPDX-License-Identifier: BSD-2-Clause
// The file that a process executes. The kernel refuses to let anybody write to it.
#pragma once

namespace xar::base {

// Whether the calling process executes the file that is open as `fd`.
bool is_executable_of_this_process(int fd);

// Lets others write to the file that the calling process executes: copies the program in
// memory, and has the kernel take an empty file for the executable. Whether that was
// done. Needs root, or the right to make user namespaces. The caller must have no other
// thread.
bool release_executable();

}  // namespace xar::base
