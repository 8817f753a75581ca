// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/diff.hpp"

#include <unistd.h>

#include <array>
#include <cassert>

#include "xar/base/error.hpp"
#include "xar/base/json.hpp"
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

enum class Change { kAdded, kRemoved, kChanged };

Change change_of(const inspect::Difference& difference) {
  if (difference.before == nullptr) return Change::kAdded;
  return difference.after == nullptr ? Change::kRemoved : Change::kChanged;
}

const inspect::Node& node_of(const inspect::Difference& difference) {
  assert(difference.after != nullptr || difference.before != nullptr);
  return difference.after != nullptr ? *difference.after : *difference.before;
}

std::string line_of(const inspect::Difference& difference) {
  constexpr std::array<const char*, 3> kSigns = {"+ ", "- ", "! "};
  std::string line = kSigns[static_cast<std::size_t>(change_of(difference))] +
                     shown(node_of(difference));
  std::string remark = sizes(difference);
  for (const std::string_view aspect : difference.aspects) {
    if (!remark.empty()) remark += ", ";
    remark += aspect;
  }
  if (!remark.empty()) line += "  (" + remark + ")";
  return line;
}

void add_size(base::JsonObject& object, const char* name, const inspect::Node* node) {
  if (node == nullptr || !S_ISREG(node->status.st_mode)) return;
  object.number(name, node->status.st_size);
}

std::string json_of(const inspect::Difference& difference) {
  constexpr std::array<const char*, 3> kInfo = {"added", "removed", "changed"};
  base::JsonObject object;
  object.text("path", node_of(difference).path)
      .text("change", kInfo[static_cast<std::size_t>(change_of(difference))]);
  add_size(object, "size_before", difference.before);
  add_size(object, "size_after", difference.after);
  std::vector<std::string> aspects;
  for (const std::string_view aspect : difference.aspects) {
    aspects.push_back(base::json_string(aspect));
  }
  return object.raw("aspects", base::json_array(aspects)).str();
}

// What prints the differences, one at a time, and counts them.
class Report {
 public:
  Report(bool json, bool color) : json_(json), color_(color) {}

  void add(const inspect::Difference& difference) {
    constexpr std::array kColors = {cli::Color::kGreen, cli::Color::kRed,
                                    cli::Color::kYellow};
    const auto change = static_cast<std::size_t>(change_of(difference));
    if (json_) {
      print((has_any() ? ",\n" : "{\"differences\":[") + json_of(difference));
    } else {
      print_line(cli::painted(color_, kColors[change], line_of(difference)));
    }
    ++counts_[change];
  }

  void end() const {
    const auto& [added, removed, changed] = counts_;
    if (json_) {
      base::JsonObject counts;
      counts.number("added", added).number("removed", removed).number("changed", changed);
      print_line((has_any() ? std::string("],") : "{\"differences\":[],") +
                 "\"summary\":" + counts.str() + "}");
    } else if (has_any()) {
      print_line(std::to_string(added) + " added, " + std::to_string(removed) +
                 " removed, " + std::to_string(changed) + " changed");
    }
  }

  [[nodiscard]] bool has_any() const { return counts_ != decltype(counts_){}; }

 private:
  bool json_;
  bool color_;
  std::array<std::uint64_t, 3> counts_{};
};

}  // namespace

void Diff::describe(cli::OptionSet& options) {
  options.flag("--times", times, "Also compare modification times");
  options.flag("--json", json, "Print it as JSON");
  color.add_to(options);
  options.operand("A", before, "The first archive");
  options.operand("B", after, "The second archive");
}

int Diff::run() const {
  const inspect::Archive a = open_to_inspect(before);
  const inspect::Archive b = open_to_inspect(after);
  Report report(json, color.is_on(STDOUT_FILENO));
  {
    base::ProgressBar bar(true);
    inspect::compare(
        a.image, b.image, times,
        [&](const inspect::Difference& difference) {
          bar.hide();
          report.add(difference);
        },
        [&](const inspect::Progress& progress) {
          bar.show(progress.done, progress.total);
        });
  }
  report.end();
  return report.has_any() ? 1 : 0;
}

}  // namespace xar::xarexec
