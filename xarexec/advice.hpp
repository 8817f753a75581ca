// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "xar/base/error.hpp"

namespace xar::xarexec {

// What a user of xarexec can do about a failure of this kind, or nullptr.
const char* advice_for(base::Errc kind);

}  // namespace xar::xarexec
