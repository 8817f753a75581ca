// SPDX-License-Identifier: BSD-2-Clause
#include "diagnosis/obstacles.hpp"

#include <initializer_list>
#include <string_view>

#include "diagnosis/findings.hpp"

namespace xar::diagnosis {
namespace {

using Findings = std::vector<Finding>;

const Finding& finding_of(const Findings& findings, std::string_view subject) {
  for (const Finding& finding : findings) {
    if (finding.subject == subject) return finding;
  }
  return findings.back();
}

std::string first_problem(const Findings& findings,
                          std::initializer_list<const char*> subjects) {
  for (const char* subject : subjects) {
    const Finding& finding = finding_of(findings, subject);
    if (!finding.good) return finding.subject + " " + finding.what;
  }
  return "";
}

}  // namespace

backend::Obstacles obstacles_in(const Findings& findings, bool is_root) {
  backend::Obstacles obstacles;
  if (finding_of(findings, kPrivilegeSubject).good) {
    obstacles.to_fuse = first_problem(findings, {kDeviceSubject});
  } else if (is_root) {
    // What root may not do by itself the helper, which is root, may not either.
    obstacles.to_fuse = first_problem(findings, {kDeviceSubject, kPrivilegeSubject});
  } else {
    obstacles.to_fuse = first_problem(findings, {kDeviceSubject, kHelperSubject});
  }
  obstacles.to_userns =
      first_problem(findings, {kNamespaceSubject, kNamespaceMountSubject});
  return obstacles;
}

const char* mounter_in(const Findings& findings) {
  return finding_of(findings, kPrivilegeSubject).good ? kPrivilegeSubject
                                                      : kHelperSubject;
}

}  // namespace xar::diagnosis
