// SPDX-License-Identifier: BSD-2-Clause
// Failures as people read them: one line that says what failed, on which file,
// and what to do about it.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xar::base {

// Exit statuses of the programs themselves, after the shells' convention. A
// payload's own status is passed on untouched.
inline constexpr int kExitFailure = 125;
inline constexpr int kExitCannotExecute = 126;
inline constexpr int kExitNotFound = 127;

// A failure whose what() is the user's sentence, without the program's name and
// without a newline.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string_view sentence, int exit_status = kExitFailure);

  // "what: subject: advice", with `subject` made printable.
  Error(std::string_view what, const std::filesystem::path& subject,
        std::string_view advice, int exit_status = kExitFailure);

  // With what status the program ends if nobody handles this failure.
  [[nodiscard]] int exit_status() const noexcept { return exit_status_; }

 private:
  int exit_status_;
};

// A system call's failure: an Error that keeps the error number for callers
// that can go on after some of them.
class SystemError : public Error {
 public:
  // `number` is an errno value; its description stands where the advice would.
  SystemError(int number, std::string_view what, const std::filesystem::path& subject);

  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

// Throws SystemError for the current errno.
[[noreturn]] void throw_errno(std::string_view what,
                              const std::filesystem::path& subject);

// `text` on one line and safe for a terminal: control characters and bytes that
// are not UTF-8 are written as \xNN.
std::string printable(std::string_view text);

// The body of a program's main: runs `body`, writes what has been printed to standard
// output and returns the result; a failure, also of that, becomes one line "program: ..."
// on standard error and the failure's status.
// The only place that catches everything.
int run_main(std::string_view program, const std::function<int()>& body);

}  // namespace xar::base
