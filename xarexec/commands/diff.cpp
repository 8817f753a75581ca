// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/diff.hpp"

#include "xar/base/error.hpp"
#include "xar/base/progress.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {
namespace {

std::string size_of(const inspect::Node& node) {
  if (!S_ISREG(node.status.st_mode)) return "";
  return base::human_size(static_cast<std::uint64_t>(node.status.st_size));
}

std::string shown(const inspect::Node& node) {
  std::string path = base::printable(node.path);
  path.insert(path.begin(), '/');
  if (S_ISDIR(node.status.st_mode) && !node.path.empty()) path += '/';
  return path;
}

// How a size has changed, if there is one.
std::string sizes(const inspect::Difference& difference) {
  const std::string before = difference.before ? size_of(*difference.before) : "";
  const std::string after = difference.after ? size_of(*difference.after) : "";
  if (before.empty() || after.empty() || before == after) {
    return before.empty() ? after : before;
  }
  return before + " -> " + after;
}

std::string line_of(const inspect::Difference& difference) {
  const inspect::Node& node =
      difference.after != nullptr ? *difference.after : *difference.before;
  const char* sign = difference.before == nullptr  ? "+ "
                     : difference.after == nullptr ? "- "
                                                   : "! ";
  std::string line = sign + shown(node);
  std::string remark = sizes(difference);
  for (const std::string_view aspect : difference.aspects) {
    if (!remark.empty()) remark += ", ";
    remark += aspect;
  }
  if (!remark.empty()) line += "  (" + remark + ")";
  return line;
}

}  // namespace

void Diff::describe(cli::OptionSet& options) {
  options.flag("--times", times, "Also compare modification times");
  options.operand("A", before, "The one archive");
  options.operand("B", after, "The other");
}

int Diff::run() const {
  const inspect::Archive a = open_to_inspect(before);
  const inspect::Archive b = open_to_inspect(after);
  bool differs = false;
  base::ProgressBar bar(true);
  inspect::compare(
      a.image, b.image, times,
      [&](const inspect::Difference& difference) {
        differs = true;
        bar.hide();
        print_line(line_of(difference));
      },
      [&](const inspect::Progress& progress) {
        bar.show(progress.done, progress.total);
      });
  return differs ? 1 : 0;
}

}  // namespace xar::xarexec
