// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/doctor.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "xar/base/error.hpp"
#include "xar/diagnosis.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/output.hpp"
#include "xarexec/payload.hpp"

namespace xar::xarexec {
namespace {

using diagnosis::Diagnosis;
using diagnosis::Finding;
using diagnosis::Question;

// What an image takes where it is unpacked, in whole blocks of a usual file system.
std::uint64_t unpacked_size(const image::Image& image) {
  constexpr std::uint64_t kBlock = 4096;
  std::uint64_t size = 0;
  std::set<std::uint64_t> linked;
  inspect::walk(image, inspect::find(image, "", false), [&](const inspect::Node& node) {
    const auto& status = node.status;
    if (status.st_nlink > 1 && !S_ISDIR(status.st_mode) &&
        !linked.insert(status.st_ino).second) {
      return;
    }
    const auto content = static_cast<std::uint64_t>(status.st_size);
    size += S_ISREG(status.st_mode) ? (content + kBlock - 1) / kBlock * kBlock : kBlock;
  });
  return size;
}

bool executes(const image::Image& image, const header::Header& header) {
  if (!header.target) return false;
  const inspect::Node node = inspect::find(image, *header.target, true);
  std::array<char, 256> front{};
  std::size_t got = 0;
  if (image.read(node.entry.inode, 0, std::as_writable_bytes(std::span(front)), got) != 0)
    return true;
  return !header::is_run_by_shell({front.data(), got});
}

// A fault of the archive's own is no matter of the machine, and thrown.
void ask_of(const std::string& file, Question& question) {
  const inspect::Archive archive = inspect::open_archive(file);
  question.size = unpacked_size(archive.image);
  question.executes = executes(archive.image, archive.header);
}

void print(const std::vector<Finding>& findings) {
  std::size_t width = 0;
  for (const Finding& finding : findings) {
    width = std::max(width, finding.subject.size());
  }
  for (const Finding& finding : findings) {
    std::string subject = base::printable(finding.subject);
    subject.resize(std::max(width, subject.size()), ' ');
    print_line((finding.good ? "yes  " : "no   ") + subject + "  " + finding.what);
    if (!finding.fix.empty()) {
      print_line(std::string(width + 7, ' ') + "fix: " + finding.fix);
    }
  }
}

}  // namespace

void Doctor::describe(OptionSet& options) {
  options.optional_operand("FILE", file,
                           "An archive, where its own mount root is to be looked at");
}

int Doctor::run() const {
  OpenArchive archive;
  archive.header.uuid = "0";
  if (file) archive = open_archive(*file);
  const mount::Surroundings surroundings = read_surroundings();
  Question question = {archive.header, surroundings, cache_folder(),
                       read_rung(std::nullopt)};
  if (file) {
    question.archive = &archive.to_mount;
    ask_of(*file, question);
  }
  const Diagnosis diagnosis = diagnosis::diagnose(question);
  print(diagnosis.findings);
  print_line("");
  if (!question.rung) {
    for (const std::string& line : diagnosis.passed_over)
      print_line(base::printable(line));
  }
  print_line(base::printable(diagnosis.verdict));
  return diagnosis.works ? 0 : 1;
}

}  // namespace xar::xarexec
