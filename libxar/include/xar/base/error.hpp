// SPDX-License-Identifier: BSD-2-Clause
// Failures: a kind for callers, and one line for people.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xar::base {

// Kinds of failures, for callers that act on them.
enum class Errc {
  kFailed,          // any other
  kNotAnArchive,    // the file is of another kind
  kDamaged,         // the content contradicts itself or its digest
  kCutShort,        // the file ends early
  kUnsupported,     // of a version, compression or kind that is unknown
  kInvalid,         // a value that was passed is malformed or out of range
  kNoSuchPath,      // an archive does not contain the path
  kNotFound,        // a file does not exist
  kExists,          // a file exists that must not
  kInUse,           // processes use the mount
  kAlreadyMounted,  // an archive is mounted there
  kBusy,            // the kernel says so
  kDenied,          // the caller may not do that
  kNoSpace,         // the file system is full
  kUnsafe,          // others could change what is in the folder
  kConflict,        // two inputs differ in a file
  kNameTooLong,     // of a mount
  kNoBackend,       // the archive can be neither mounted nor unpacked
};

// A failure. what() is a sentence for the user, without a newline: what failed, on which
// file, and why or what to do.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string_view sentence) : Error(Errc::kFailed, sentence) {}
  Error(Errc kind, std::string_view sentence);

  // "what: subject: reason", with `subject` made printable.
  Error(std::string_view what, const std::filesystem::path& subject,
        std::string_view reason)
      : Error(Errc::kFailed, what, subject, reason) {}
  Error(Errc kind, std::string_view what, const std::filesystem::path& subject,
        std::string_view reason);

  // "what: subject".
  Error(Errc kind, std::string_view what, const std::filesystem::path& subject);

  [[nodiscard]] Errc kind() const noexcept { return kind_; }

 private:
  Errc kind_;
};

// The kind of a system call's failure, `number` being an errno value.
Errc kind_of(int number);

// Whether a failure of this kind is a fault of the archive, whatever is done with it.
bool is_archives_fault(Errc kind);

// A system call's failure: an Error that keeps the error number for callers that can
// continue after some of them.
class SystemError : public Error {
 public:
  // `number` is an errno value; its description is the reason.
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

}  // namespace xar::base
