// SPDX-License-Identifier: BSD-2-Clause
// The body of a program: exceptions become one line on standard error and an exit status.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "xar/base/error.hpp"

namespace xar::cli {

// Exit statuses of the programs themselves, by the shells' convention. The status of a
// program in an archive is passed on unchanged.
inline constexpr int kWrongUse = 2;  // words or options that are not understood
inline constexpr int kExitFailure = 125;
inline constexpr int kExitCannotExecute = 126;
inline constexpr int kExitNotFound = 127;

// A failure that ends the program with another status than kExitFailure.
class StatusError : public base::Error {
 public:
  StatusError(int status, std::string_view sentence) : Error(sentence), status_(status) {}
  StatusError(int status, std::string_view what, const std::filesystem::path& subject,
              std::string_view reason)
      : Error(what, subject, reason), status_(status) {}
  // As `error`, with another status.
  StatusError(int status, const base::Error& error) : Error(error), status_(status) {}

  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  int status_;
};

// Returns what a user of the program can do about a failure of this kind, or nullptr.
using Advice = const char* (*)(base::Errc kind);

// Runs `body`, flushes standard output and returns the result. A failure, also of the
// flush, becomes the line "program: sentence: advice" on standard error, and the
// failure's status is returned. This function alone catches all exceptions.
int run_main(std::string_view program, const std::function<int()>& body,
             Advice advice = nullptr);

}  // namespace xar::cli
