// SPDX-License-Identifier: BSD-2-Clause
#include "support/scratch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace xar::test {

Scratch::Scratch() {
  std::string name = std::filesystem::temp_directory_path() / "xar-test.XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot create " + name);
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  // Folders without permissions resist an ordinary user's first attempt.
  if (std::filesystem::exists(path_, ignored)) {
    shell("chmod -R u+rwX " + quoted(path_) + "; rm -rf " + quoted(path_));
  }
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.native());
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.native());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Ran shell(const std::string& script) {
  FILE* pipe = ::popen(("exec 2>&1; " + script).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run sh");
  Ran ran;
  char buffer[4096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.output.append(buffer, got);
  }
  const int status = ::pclose(pipe);
  ran.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return ran;
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

bool may_skip(const std::string& reason) {
  const char* list = std::getenv("XAR_TEST_SKIPS");
  if (list == nullptr) return true;
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string wanted =
      std::string(test->test_suite_name()) + "." + test->name() + ": " + reason;
  std::ifstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    if (line == wanted) return true;
  }
  return false;
}

bool has_fuse() {
  const int fd = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

}  // namespace xar::test
