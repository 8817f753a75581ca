// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace xar::base {
namespace {

constexpr std::size_t kBarWidth = 16;
constexpr std::chrono::milliseconds kInterval{100};
constexpr std::chrono::seconds kUntilRateIsKnown{2};

// "0:07", "12:34", "1:02:03".
std::string clock_time(double seconds) {
  const auto all = static_cast<unsigned long long>(seconds + 0.5);
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
    : visible_(wanted && ::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  hide();
}

void ProgressBar::hide() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  // Nothing is known yet of how much there is.
  if (!visible_ || total == 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  drawn_ = true;

  std::fprintf(stderr, "\r%s\033[K", progress_line(done, total, now - begin_).c_str());
}

std::string progress_line(std::uint64_t done, std::uint64_t total,
                          std::chrono::duration<double> elapsed) {
  const double share =
      total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(std::min(share, 1.0) * kBarWidth);
  std::array<char, 32> percent{};
  std::snprintf(percent.data(), percent.size(), "%3.0f%%", share * 100);
  std::string line = "[";
  line.append(filled, '=').append(kBarWidth - filled, ' ');
  line += std::string("] ") + percent.data() + "  " + human_size(done) + " of " +
          human_size(total);
  if (elapsed < kUntilRateIsKnown || done == 0 || done > total) return line;
  const double rate = static_cast<double>(done) / elapsed.count();
  return line + ", " + human_size(static_cast<std::uint64_t>(rate)) + "/s, " +
         clock_time(static_cast<double>(total - done) / rate) + " left";
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
