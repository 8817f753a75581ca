// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/run.hpp"

#include <cerrno>
#include <cstdio>
#include <new>
#include <string>

namespace xar::cli {
namespace {

// What has been printed so far appears before the error.
void complain(std::string_view program, std::string_view sentence) {
  std::fflush(stdout);
  std::string line(program);
  line += ": ";
  line += sentence;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// Also reports an error of an earlier write.
void flush_output() {
  errno = EIO;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    base::throw_errno("cannot write to", "standard output");
  }
}

std::string advised(const base::Error& error, Advice advice) {
  std::string sentence = error.what();
  const char* const words = advice != nullptr ? advice(error.kind()) : nullptr;
  if (words != nullptr) sentence.append(": ").append(words);
  return sentence;
}

}  // namespace

int run_main(std::string_view program, const std::function<int()>& body, Advice advice) {
  try {
    const int status = body();
    flush_output();
    return status;
  } catch (const StatusError& error) {
    complain(program, advised(error, advice));
    return error.status();
  } catch (const base::Error& error) {
    complain(program, advised(error, advice));
  } catch (const std::filesystem::filesystem_error& error) {
    complain(program,
             base::SystemError(error.code().value(), "cannot use", error.path1()).what());
  } catch (const std::bad_alloc&) {
    complain(program, "out of memory: free some or use smaller settings");
  } catch (const std::exception& error) {
    complain(program, base::printable(error.what()));
  }
  return kExitFailure;
}

}  // namespace xar::cli
