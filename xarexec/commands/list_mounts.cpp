// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/list_mounts.hpp"

#include <unistd.h>

#include <algorithm>

#include "xar/base/json.hpp"
#include "xar/base/progress.hpp"
#include "xar/base/terminal.hpp"
#include "xar/mount/list.hpp"
#include "xarexec/output.hpp"
#include "xarexec/table.hpp"

namespace xar::xarexec {
namespace {

using mount::Mounted;
using mount::Service;
using Users = std::vector<mount::UsingProcess>;

const char* name_of(Service service) {
  switch (service) {
    case Service::kServed:
      return "mounted";
    case Service::kDead:
      return "dead";
    case Service::kStuck:
      return "stuck";
    case Service::kElsewhere:
      return "elsewhere";
    case Service::kUnknown:
      break;
  }
  return "unknown";
}

// The two largest units: "3d 4h", "5m 12s", "42s".
std::string duration(std::uint64_t seconds) {
  struct Unit {
    std::uint64_t seconds;
    char name;
  };
  constexpr Unit kUnits[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  std::string text;
  int shown = 0;
  for (const Unit& unit : kUnits) {
    const std::uint64_t count = seconds / unit.seconds;
    seconds %= unit.seconds;
    if (shown == 2 || (shown == 0 && count == 0 && unit.seconds > 1)) continue;
    ++shown;
    if (count > 0 || shown == 1) {
      if (!text.empty()) text += ' ';
      text += std::to_string(count) + unit.name;
    }
  }
  return text;
}

std::string idle(const Mounted& mounted, const Users& users) {
  if (!users.empty()) return "in use";
  return mounted.idle ? duration(*mounted.idle) : "-";
}

bool is_broken(const Mounted& mounted) {
  return mounted.service == Service::kDead || mounted.service == Service::kStuck;
}

// How much of the table is shown: with less, the archives' paths have more room.
enum class Extent { kWhole, kNoPoints, kNarrow };

struct Column {
  const char* title;
  Table::Align align;
  Extent least;  // with which it is shown
};
constexpr Column kColumns[] = {
    {"PID", Table::Align::kRight, Extent::kNarrow},
    {"UID", Table::Align::kRight, Extent::kNoPoints},
    {"UP", Table::Align::kRight, Extent::kNoPoints},
    {"IDLE", Table::Align::kRight, Extent::kNarrow},
    {"MEMORY", Table::Align::kRight, Extent::kNoPoints},
    {"USERS", Table::Align::kRight, Extent::kNarrow},
    {"STATE", Table::Align::kLeft, Extent::kNarrow},
    {"ARCHIVE", Table::Align::kLeft, Extent::kNarrow},
    {"MOUNT POINT", Table::Align::kLeft, Extent::kWhole},
};

// In the order of the columns.
std::vector<std::string> cells_of(const Mounted& mounted, const Users& users) {
  const auto& server = mounted.server;
  return {server ? std::to_string(server->pid) : "-",
          std::to_string(mounted.owner),
          server ? duration(server->uptime) : "-",
          idle(mounted, users),
          server ? base::human_size(server->memory) : "-",
          std::to_string(users.size()),
          name_of(mounted.service),
          mounted.archive.empty() ? "?" : mounted.archive.native(),
          mounted.point.native()};
}

std::vector<std::string> table_of(const std::vector<Mounted>& all,
                                  const std::vector<Users>& users, Extent extent) {
  Table table;
  for (const Column& column : kColumns) {
    if (column.least >= extent) table.column(column.title, column.align);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<std::string> shown;
    const std::vector<std::string> cells = cells_of(all[i], users[i]);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (kColumns[c].least >= extent) shown.push_back(cells[c]);
    }
    table.row(shown);
  }
  return table.lines();
}

// Where a terminal has only so many columns, without the mount points, which are long,
// and with shortened paths of archives.
void print_table(const std::vector<Mounted>& all, const std::vector<Users>& users,
                 std::optional<std::size_t> columns, bool color) {
  constexpr std::size_t kEnough = 20;  // columns for an archive
  const auto too_wide = [&columns](const std::string& line) {
    return columns && width_of(line) > *columns;
  };
  std::vector<std::string> lines = table_of(all, users, Extent::kWhole);
  if (std::ranges::any_of(lines, too_wide)) {
    lines = table_of(all, users, Extent::kNoPoints);
    if (lines[0].find("ARCHIVE") + kEnough > *columns) {
      lines = table_of(all, users, Extent::kNarrow);
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // The archive stands last.
    const std::string line = too_wide(lines[i])
                                 ? shortened(lines[i], *columns, lines[0].find("ARCHIVE"))
                                 : lines[i];
    const bool broken = i > 0 && is_broken(all[i - 1]);
    print_line(cli::painted(color && broken, cli::Color::kRed, line));
  }
}

std::string json_of(const Users& users) {
  std::vector<std::string> values;
  for (const mount::UsingProcess& user : users) {
    base::JsonObject object;
    values.push_back(object.number("pid", user.pid).text("command", user.command).str());
  }
  return base::json_array(values);
}

std::string json_of(const Mounted& mounted, const Users& users) {
  base::JsonObject object;
  if (mounted.archive.empty()) {
    object.null("archive");
  } else {
    object.text("archive", mounted.archive.native());
  }
  object.text("mount_point", mounted.point.native())
      .text("state", name_of(mounted.service))
      .number("owner", mounted.owner);
  if (mounted.idle) {
    object.number("idle_seconds", *mounted.idle);
  } else {
    object.null("idle_seconds");
  }
  object.raw("users", json_of(users));
  base::JsonObject server;
  if (!mounted.server) return object.null("server").str();
  server.number("pid", mounted.server->pid)
      .number("uptime_seconds", mounted.server->uptime)
      .number("timeout_seconds", mounted.server->timeout)
      .number("memory_bytes", mounted.server->memory);
  return object.object("server", server).str();
}

}  // namespace

void ListMounts::describe(cli::OptionSet& options) {
  options.flag("--json", json, "Print it as JSON");
  options.flag("-w,--wide", wide, "Print whole paths and mount points on any terminal");
  color.add_to(options);
}

int ListMounts::run() const {
  const std::vector<Mounted> all = mount::list_mounted();
  const std::vector<Users> users = mount::find_processes_using(all);
  if (!json) {
    print_table(all, users, wide ? std::nullopt : base::wanted_width(STDOUT_FILENO),
                color.is_on(STDOUT_FILENO));
    return 0;
  }
  std::vector<std::string> values;
  for (std::size_t i = 0; i < all.size(); ++i) {
    values.push_back(json_of(all[i], users[i]));
  }
  print_line(base::json_array(values));
  return 0;
}

}  // namespace xar::xarexec
