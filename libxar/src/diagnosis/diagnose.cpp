// SPDX-License-Identifier: BSD-2-Clause
#include <unistd.h>

#include "diagnosis/findings.hpp"
#include "diagnosis/obstacles.hpp"
#include "xar/diagnosis.hpp"

namespace xar::diagnosis {

Diagnosis diagnose(const backend::Request& request, std::uint64_t size) {
  Diagnosis diagnosis;
  diagnosis.findings = find_all(request, size);
  const bool is_root = ::geteuid() == 0;
  diagnosis.plan =
      backend::plan(request, obstacles_in(diagnosis.findings, is_root), size);
  return diagnosis;
}

}  // namespace xar::diagnosis
