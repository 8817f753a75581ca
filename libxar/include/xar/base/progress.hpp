// SPDX-License-Identifier: BSD-2-Clause
// The bar that shows how far long work is, on terminals only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace xar::base {

// Draws on standard error if that is a terminal that can wipe a line, in the width that
// it has at that moment, and nothing otherwise; the destructor wipes the bar away.
class ProgressBar {
 public:
  explicit ProgressBar(bool wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `done` of `total` bytes. To be called as often as one likes; redraws some ten times a
  // second.
  void show(std::uint64_t done, std::uint64_t total);

  // Wipes the bar away until it is shown again, for a line that goes to the terminal.
  void hide();

 private:
  bool visible_;
  std::size_t drawn_ = 0;  // columns of the line that is there
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_{};
};

// What the bar shows `elapsed` after the beginning: the share, and once it can be told
// how fast work is and how long the rest will take. At most `columns`, but for the share;
// what matters least is left out first.
std::string progress_line(std::uint64_t done, std::uint64_t total,
                          std::chrono::duration<double> elapsed, std::size_t columns);

// `bytes` as people write sizes: "982 B", "4.1 MiB".
std::string human_size(std::uint64_t bytes);

}  // namespace xar::base
