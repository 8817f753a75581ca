// SPDX-License-Identifier: BSD-2-Clause
// What others see of a process that stays, in ps and top.
#pragma once

#include <string>
#include <string_view>

namespace xar::base {

// Has ps and top show `name`, of at most 15 bytes, and `title` as the command line, cut
// off where it is too long. The title takes the place of the arguments and the
// environment, of which only PATH and XAR_LOG are left: nobody may hold pointers into
// either. For processes with one thread. Where the kernel does not tell where its memory
// for that is, only the name is set.
void set_title(const std::string& name, std::string_view title);

}  // namespace xar::base
