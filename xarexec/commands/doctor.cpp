// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "xar/base/error.hpp"
#include "xar/base/json.hpp"
#include "xar/diagnosis.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/directory.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {
namespace {

using diagnosis::Diagnosis;
using diagnosis::Finding;

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

void print(const std::vector<Finding>& findings, bool color) {
  std::size_t width = 0;
  for (const Finding& finding : findings) {
    width = std::max(width, finding.subject.size());
  }
  for (const Finding& finding : findings) {
    std::string subject = base::printable(finding.subject);
    subject.resize(std::max(width, subject.size()), ' ');
    const auto answer = finding.good ? cli::painted(color, cli::Color::kGreen, "yes")
                                     : cli::painted(color, cli::Color::kRed, "no") + ' ';
    print_line(answer + "  " + subject + "  " + finding.what);
    if (!finding.fix.empty()) {
      print_line(std::string(width + 7, ' ') + "fix: " + finding.fix);
    }
  }
}

// "mount through FUSE by mount(2), below /dev/shm/uid-0"
std::string shown(const backend::Plan::Success& success,
                  const std::vector<Finding>& findings) {
  const std::string at = success.path.native();
  switch (success.backend) {
    case backend::Backend::kFuse:
      if (success.is_there) return "use the mount that is there, " + at;
      return std::string("mount through FUSE by ") + diagnosis::mounter_in(findings) +
             ", below " + at;
    case backend::Backend::kUserns:
      if (success.is_there)
        return "enter the namespace of the mount that is there, " + at;
      return "mount in a namespace of its own, below " + at;
    case backend::Backend::kExtract:
      break;
  }
  return (success.is_there ? "use what is unpacked in " : "unpack into ") + at;
}

// Why a launch would not take what it tries first, a line each.
void print_failures(const std::vector<backend::Failure>& failures) {
  std::set<std::string> printed;
  for (const backend::Failure& failure : failures) {
    const std::string line = std::string("not by ") + backend::name_of(failure.backend) +
                             ": " + failure.reason;
    if (printed.insert(line).second) print_line(base::printable(line));
  }
}

std::string verdict(const Diagnosis& diagnosis, bool one_backend) {
  const backend::Plan& plan = diagnosis.plan;
  if (plan.success) return "a launch would " + shown(*plan.success, diagnosis.findings);
  if (one_backend && !plan.failures.empty()) {
    return "a launch would fail: " + plan.failures.front().reason;
  }
  return "a launch would fail: no backend works";
}

std::string json_of(const Finding& finding) {
  base::JsonObject object;
  object.text("subject", finding.subject)
      .boolean("good", finding.good)
      .text("what", finding.what);
  return finding.fix.empty() ? object.str() : object.text("fix", finding.fix).str();
}

std::string json_of(const backend::Failure& failure) {
  base::JsonObject object;
  return object.text("backend", backend::name_of(failure.backend))
      .text("place", failure.place.native())
      .text("reason", failure.reason)
      .str();
}

template <typename T>
std::string json_of_each(const std::vector<T>& all) {
  std::vector<std::string> values;
  for (const T& each : all) values.push_back(json_of(each));
  return base::json_array(values);
}

std::string json_of(const Diagnosis& diagnosis, bool one_backend) {
  const auto& success = diagnosis.plan.success;
  base::JsonObject object;
  object.boolean("works", success.has_value());
  if (success) {
    object.text("backend", backend::name_of(success->backend))
        .text("path", success->path.native())
        .boolean("is_there", success->is_there);
  }
  return object.text("verdict", verdict(diagnosis, one_backend))
      .raw("findings", json_of_each(diagnosis.findings))
      .raw("failures", json_of_each(diagnosis.plan.failures))
      .str();
}

}  // namespace

void Doctor::describe(cli::OptionSet& options) {
  options.flag("--json", json, "Print it as JSON");
  color.add_to(options);
  options.optional_operand("FILE", file,
                           "An archive, where its own mount root is to be looked at");
}

int Doctor::run() const {
  OpenArchive archive;
  archive.header.uuid = "0";
  std::uint64_t size = 0;
  if (file) {
    archive = open_archive(*file);
    // A fault of the archive's own is no matter of the machine, and thrown.
    size = unpacked_size(open_to_inspect(*file).image);
  }
  const mount::MountContext context = read_mount_context();
  const backend::Request request =
      request_for(archive, context, read_backend(std::nullopt), false);
  const Diagnosis diagnosis = diagnosis::diagnose(request, size);
  if (json) {
    print_line(json_of(diagnosis, request.backend.has_value()));
    return diagnosis.plan.success ? 0 : 1;
  }
  print(diagnosis.findings, color.is_on(STDOUT_FILENO));
  print_line("");
  if (!request.backend) print_failures(diagnosis.plan.failures);
  print_line(base::printable(verdict(diagnosis, request.backend.has_value())));
  return diagnosis.plan.success ? 0 : 1;
}

}  // namespace xar::xarexec
