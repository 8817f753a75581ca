// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"

#include <cerrno>
#include <cstring>

#include "base/utf8.hpp"

namespace xar::base {
namespace {

std::string join(std::string_view what, const std::filesystem::path& subject,
                 std::string_view advice) {
  std::string sentence(what);
  sentence += ": ";
  sentence += subject.native();
  sentence += ": ";
  sentence += advice;
  return sentence;
}

}  // namespace

Error::Error(Errc kind, std::string_view sentence)
    : std::runtime_error(printable(sentence)), kind_(kind) {}

Error::Error(Errc kind, std::string_view what, const std::filesystem::path& subject,
             std::string_view reason)
    : Error(kind, join(what, subject, reason)) {}

Error::Error(Errc kind, std::string_view what, const std::filesystem::path& subject)
    : Error(kind, std::string(what) + ": " + subject.native()) {}

Errc kind_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return Errc::kNotFound;
    case EEXIST:
    case ENOTEMPTY:
      return Errc::kExists;
    case EACCES:
    case EPERM:
    case EROFS:
      return Errc::kDenied;
    case EBUSY:
    case ETXTBSY:
      return Errc::kBusy;
    case ENOSPC:
    case EDQUOT:
      return Errc::kNoSpace;
    default:
      return Errc::kFailed;
  }
}

bool is_archives_fault(Errc kind) {
  return kind == Errc::kNotAnArchive || kind == Errc::kDamaged ||
         kind == Errc::kCutShort || kind == Errc::kUnsupported;
}

SystemError::SystemError(int number, std::string_view what,
                         const std::filesystem::path& subject)
    : Error(kind_of(number), what, subject, std::strerror(number)), number_(number) {}

void throw_errno(std::string_view what, const std::filesystem::path& subject) {
  throw SystemError(errno, what, subject);
}

std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const std::size_t length = c >= 0x20 && c < 0x7F ? 1 : utf8_length(text);
    if (length > 0) {
      out += text.substr(0, length);
      text.remove_prefix(length);
    } else {
      out += "\\x";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace xar::base
