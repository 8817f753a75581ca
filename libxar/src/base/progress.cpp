// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "xar/base/terminal.hpp"

namespace xar::base {
namespace {

constexpr std::size_t kLeastBar = 8;
constexpr std::size_t kUsualBar = 16;
constexpr std::size_t kWidestBar = 40;
constexpr std::size_t kLongestText = 63;  // beside the bar
constexpr std::chrono::milliseconds kInterval{100};
constexpr std::chrono::seconds kUntilRateIsKnown{2};

// "0:07", "12:34", "1:02:03".
std::string clock_time(double seconds) {
  const auto all = static_cast<unsigned long long>(std::llround(seconds));
  const unsigned long long hours = all / 3600;
  std::array<char, 32> text{};
  if (hours > 0) {
    std::snprintf(text.data(), text.size(), "%llu:%02llu:%02llu", hours, all / 60 % 60,
                  all % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%llu:%02llu", all / 60, all % 60);
  }
  return text.data();
}

}  // namespace

ProgressBar::ProgressBar(bool wanted)
    : visible_(wanted && is_capable_terminal(STDERR_FILENO)) {}

ProgressBar::~ProgressBar() {
  hide();
}

void ProgressBar::hide() {
  if (drawn_ > 0) std::fputs("\r\033[K", stderr);
  drawn_ = 0;
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  // Nothing is known yet of how much there is.
  if (!visible_ || total == 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  constexpr std::size_t kUsualColumns = 80;
  const std::size_t columns = terminal_width(STDERR_FILENO).value_or(kUsualColumns);
  // A terminal that has become narrower breaks the line that is there into several.
  const std::size_t broken = drawn_ > 0 ? (drawn_ - 1) / columns : 0;
  if (broken > 0) std::fprintf(stderr, "\033[%zuA\r\033[J", broken);
  // The last column stays free: a full line would be broken where a cursor follows it.
  const std::string line = progress_line(done, total, now - begin_, columns - 1);
  drawn_ = line.size();
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
}

std::string progress_line(std::uint64_t done, std::uint64_t total,
                          std::chrono::duration<double> elapsed, std::size_t columns) {
  const double share =
      total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  std::array<char, 32> percent{};
  std::snprintf(percent.data(), percent.size(), "%3.0f%%", share * 100);
  const std::string sizes = "  " + human_size(done) + " of " + human_size(total);
  std::string rest;
  if (elapsed >= kUntilRateIsKnown && done > 0 && done <= total) {
    const double rate = static_cast<double>(done) / elapsed.count();
    rest = ", " + human_size(static_cast<std::uint64_t>(rate)) + "/s, " +
           clock_time(static_cast<double>(total - done) / rate) + " left";
  }
  std::string text = percent.data();
  std::size_t bar =
      std::clamp(columns, kUsualBar + kLongestText, kWidestBar + kLongestText);
  bar -= kLongestText;
  // With its brackets and a space.
  const auto fits = [&](const std::string& more, std::size_t width) {
    return width + 3 + text.size() + more.size() <= columns;
  };
  if (fits(sizes + rest, bar)) {
    text += sizes + rest;
  } else if (fits(sizes, bar)) {
    text += sizes;
  } else if (!fits("", bar)) {
    bar = kLeastBar;
  }
  if (!fits("", bar)) return text;
  const auto filled =
      static_cast<std::size_t>(std::min(share, 1.0) * static_cast<double>(bar));
  return '[' + std::string(filled, '=') + std::string(bar - filled, ' ') + "] " + text;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value,
                kUnits[unit]);
  return text.data();
}

}  // namespace xar::base
