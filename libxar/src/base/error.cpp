// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

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

// What has been printed before the error stands before it.
void complain(std::string_view program, std::string_view sentence) {
  std::fflush(stdout);
  std::string line(program);
  line += ": ";
  line += sentence;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// An error of an earlier write that nobody has noticed counts, too.
void flush_output() {
  errno = EIO;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw_errno("cannot write to", "standard output");
  }
}

}  // namespace

Error::Error(std::string_view sentence, int exit_status)
    : std::runtime_error(printable(sentence)), exit_status_(exit_status) {}

Error::Error(std::string_view what, const std::filesystem::path& subject,
             std::string_view advice, int exit_status)
    : Error(join(what, subject, advice), exit_status) {}

SystemError::SystemError(int number, std::string_view what,
                         const std::filesystem::path& subject)
    : Error(what, subject, std::strerror(number)), number_(number) {}

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

int run_main(std::string_view program, const std::function<int()>& body) {
  try {
    const int status = body();
    flush_output();
    return status;
  } catch (const Error& error) {
    complain(program, error.what());
    return error.exit_status();
  } catch (const std::filesystem::filesystem_error& error) {
    complain(program,
             SystemError(error.code().value(), "cannot use", error.path1()).what());
  } catch (const std::bad_alloc&) {
    complain(program, "out of memory: free some or use smaller settings");
  } catch (const std::exception& error) {
    complain(program, printable(error.what()));
  }
  return kExitFailure;
}

}  // namespace xar::base
