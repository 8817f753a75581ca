// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/doctor.hpp"

#include <algorithm>

#include "xar/base/error.hpp"
#include "xar/diagnosis.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {

void Doctor::describe(OptionSet& options) {
  options.optional_operand("FILE", file,
                           "An archive, where its own mount root is to be looked at");
}

int Doctor::run() const {
  header::Header header;
  header.uuid = "0";
  if (file) header = open_archive(*file).header;
  const diagnosis::Diagnosis diagnosis = diagnosis::diagnose(header, read_surroundings());
  std::size_t width = 0;
  for (const auto& finding : diagnosis.findings) {
    width = std::max(width, finding.subject.size());
  }
  for (const auto& finding : diagnosis.findings) {
    std::string subject = base::printable(finding.subject);
    subject.resize(std::max(width, subject.size()), ' ');
    print_line((finding.good ? "yes  " : "no   ") + subject + "  " + finding.what);
    if (!finding.fix.empty()) {
      print_line(std::string(width + 7, ' ') + "fix: " + finding.fix);
    }
  }
  print_line("");
  print_line(base::printable(diagnosis.verdict));
  if (!diagnosis.works && !read_rung(std::nullopt)) {
    print_line(
        "where nothing can be mounted, a launch tries a namespace of its own, and then "
        "unpacks into " +
        base::printable(cache_folder().native()));
  }
  return diagnosis.works ? 0 : 1;
}

}  // namespace xar::xarexec
