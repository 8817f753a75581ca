// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/version.hpp"

#include <versions.hpp>

namespace xar::xarexec {

const char* version_text() {
  return versions::k_xarexec;
}

}  // namespace xar::xarexec
