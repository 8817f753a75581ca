// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/version.hpp"

#include <versions.hpp>

namespace xar::xarbuild {

const char* version_text() {
  return versions::k_xarbuild;
}

}  // namespace xar::xarbuild
