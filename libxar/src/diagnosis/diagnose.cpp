// SPDX-License-Identifier: BSD-2-Clause
// From what the machine has to what a launch would do: the ladder's own order and
// conditions, without taking a step.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "diagnosis/findings.hpp"
#include "xar/base/error.hpp"
#include "xar/cache.hpp"

namespace xar::diagnosis {
namespace {

namespace fs = std::filesystem;
using backend::Rung;
using Findings = std::vector<Finding>;
using Places = std::vector<mount::Place>;

// What is to become of one rung.
struct Outlook {
  bool works = false;
  std::string text;  // what a launch would do, or why it would not
};

const Finding& finding_of(const Findings& findings, std::string_view subject) {
  for (const Finding& finding : findings) {
    if (finding.subject == subject) return finding;
  }
  return findings.back();
}

Outlook refused(const Finding& finding) {
  return {false, finding.subject + " " + finding.what};
}

// Throws base::Error if nothing can be mounted there.
void require_place(const mount::Place& place) {
  mount::check(place);
  const bool is_there = ::access(place.user_folder.c_str(), F_OK) == 0;
  const fs::path there = is_there ? place.user_folder : place.user_folder.parent_path();
  if (::faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    base::throw_errno("cannot write in", there);
  }
}

// The folder that a launch would take. Throws base::Error for the first if none is fit.
fs::path first_usable(const Places& places) {
  base::Error first("there is no directory for mounts");
  for (const mount::Place& place : places) {
    try {
      require_place(place);
      return place.user_folder;
    } catch (const base::Error& error) {
      if (&place == &places.front()) first = error;
    }
  }
  throw first;
}

Outlook below(const std::string& way, const Places& places) {
  try {
    return {true, "mount " + way + ", below " + first_usable(places).native()};
  } catch (const base::Error& error) {
    return {false, error.what()};
  }
}

Outlook by_fuse(const Question& question, const Findings& findings,
                const Places& places) {
  if (question.archive != nullptr) {
    const auto there = mount::pin(places, *question.archive);
    if (there) return {true, "use the mount that is there, " + there->directory.native()};
  }
  const Finding& device = finding_of(findings, kDeviceSubject);
  if (!device.good) return refused(device);
  const Finding& privilege = finding_of(findings, kPrivilegeSubject);
  if (privilege.good) return below("through FUSE by mount(2)", places);
  // What root may not do by itself the helper, which is root, may not either.
  if (::geteuid() == 0) return refused(privilege);
  const Finding& helper = finding_of(findings, kHelperSubject);
  if (!helper.good) return refused(helper);
  return below("through FUSE by fusermount3", places);
}

Outlook by_namespace(const Findings& findings, const Places& places) {
  for (const char* subject : {kNamespaceSubject, kNamespaceMountSubject}) {
    const Finding& finding = finding_of(findings, subject);
    if (!finding.good) return refused(finding);
  }
  // Only the first place is tried.
  return below("in a namespace of its own",
               places.empty() ? places : Places{places.front()});
}

Outlook by_extraction(const Question& question, const Findings& findings) {
  const mount::Archive* archive = question.archive;
  try {
    if (archive != nullptr && !question.cache.empty()) {
      const auto there =
          cache::find(question.cache,
                      {archive->path, archive->fd, question.header, archive->identity});
      if (there) return {true, "use what is unpacked in " + there->directory.native()};
    }
  } catch (const base::Error& error) {
    return {false, error.what()};
  }
  const Finding& room = findings.back();
  if (!room.good) return refused(room);
  return {true, "unpack into " + question.cache.native()};
}

Outlook outlook_of(Rung rung, const Question& question, const Findings& findings,
                   const Places& places) {
  switch (rung) {
    case Rung::kFuse:
      return by_fuse(question, findings, places);
    case Rung::kUserns:
      return by_namespace(findings, places);
    case Rung::kExtract:
      break;
  }
  return by_extraction(question, findings);
}

}  // namespace

Diagnosis diagnose(const Question& question) {
  Diagnosis diagnosis;
  diagnosis.findings = find_all(question);
  Places places;
  try {
    places = mount::locate(question.header, question.surroundings);
  } catch (const base::Error& error) {
    if (question.header.mount_root || question.rung == Rung::kFuse) {
      diagnosis.verdict = std::string("a launch would fail: ") + error.what();
      return diagnosis;
    }
  }
  for (const Rung rung : {Rung::kFuse, Rung::kUserns, Rung::kExtract}) {
    if (question.rung && *question.rung != rung) continue;
    const Outlook outlook = outlook_of(rung, question, diagnosis.findings, places);
    if (outlook.works) {
      diagnosis.works = true;
      diagnosis.verdict = "a launch would " + outlook.text;
      return diagnosis;
    }
    diagnosis.passed_over.push_back(std::string("not by ") + backend::name_of(rung) +
                                    ": " + outlook.text);
    diagnosis.verdict = "a launch would fail: ";
    diagnosis.verdict += question.rung ? outlook.text : "no backend works";
  }
  return diagnosis;
}

}  // namespace xar::diagnosis
