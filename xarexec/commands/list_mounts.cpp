// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/list_mounts.hpp"

#include <unistd.h>

#include <algorithm>

#include "xar/base/json.hpp"
#include "xar/base/progress.hpp"
#include "xar/base/terminal.hpp"
#include "xar/mount.hpp"
#include "xarexec/output.hpp"
#include "xarexec/table.hpp"

namespace xar::xarexec {
namespace {

using mount::Mounted;
using mount::Service;
using Users = std::vector<mount::User>;

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

std::vector<std::string> table_of(const std::vector<Mounted>& all,
                                  const std::vector<Users>& users, bool with_points) {
  using enum Table::Align;
  Table table;
  for (const char* title : {"PID", "UID", "UP", "IDLE", "MEMORY", "USERS"}) {
    table.column(title, kRight);
  }
  for (const char* title : {"STATE", "ARCHIVE"}) table.column(title, kLeft);
  if (with_points) table.column("MOUNT POINT", kLeft);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Mounted& mounted = all[i];
    const auto& server = mounted.server;
    std::vector<std::string> cells = {
        server ? std::to_string(server->pid) : "-",
        std::to_string(mounted.owner),
        server ? duration(server->uptime) : "-",
        idle(mounted, users[i]),
        server ? base::human_size(server->memory) : "-",
        std::to_string(users[i].size()),
        name_of(mounted.service),
        mounted.archive.empty() ? "?" : mounted.archive.native()};
    if (with_points) cells.push_back(mounted.point.native());
    table.row(cells);
  }
  return table.lines();
}

// Where a terminal has only so many columns, without the mount points, which are long,
// and with shortened paths of archives.
void print_table(const std::vector<Mounted>& all, const std::vector<Users>& users,
                 std::optional<std::size_t> columns, bool color) {
  std::vector<std::string> lines = table_of(all, users, true);
  const auto too_wide = [&columns](const std::string& line) {
    return columns && width_of(line) > *columns;
  };
  if (std::ranges::any_of(lines, too_wide)) lines = table_of(all, users, false);
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
  for (const mount::User& user : users) {
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
  const std::vector<Users> users = mount::find_users(all);
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
