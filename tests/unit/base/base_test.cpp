// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "support/scratch.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/process.hpp"

namespace xar::base {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

TEST(Bytes, AreLittleEndian) {
  Bytes bytes;
  append_le<std::uint32_t>(bytes, 0x01020304);
  EXPECT_EQ(bytes, (Bytes{std::byte{4}, std::byte{3}, std::byte{2}, std::byte{1}}));
  EXPECT_EQ(load_le<std::uint32_t>(bytes), 0x01020304u);
  append_le<std::uint64_t>(bytes, UINT64_MAX - 1);
  EXPECT_EQ(load_le<std::uint64_t>(std::span(bytes).subspan(4)), UINT64_MAX - 1);
}

TEST(Printable, KeepsMessagesOnOneLineAndTerminalsSane) {
  EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5"),
            "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5");
  EXPECT_EQ(printable("a\nb\x1b[31m"), "a\\x0ab\\x1b[31m");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
}

TEST(Error, KeepsItsKindThroughCopiesAndSlicing) {
  const SystemError full(ENOSPC, "cannot write", "/f");
  const Error sliced = full;
  EXPECT_EQ(sliced.kind(), Errc::kNoSpace);
  EXPECT_EQ(std::string(sliced.what()), "cannot write: /f: No space left on device");
  EXPECT_EQ(Error("x").kind(), Errc::kFailed);
  EXPECT_FALSE(is_archives_fault(full.kind()));
  EXPECT_TRUE(is_archives_fault(Errc::kCutShort));
}

TEST(Fd, ClosesWhatItOwnsOnce) {
  int number = -1;
  {
    Fd fd = open_file("/dev/null", O_RDONLY);
    number = fd.get();
    Fd other = std::move(fd);
    EXPECT_FALSE(fd);
    EXPECT_EQ(other.get(), number);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(OpenFile, StaysClearOfClosedStandardStreams) {
  const Fd kept(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10));
  ::close(STDIN_FILENO);
  {
    const Fd fd = open_file("/dev/null", O_RDONLY);
    EXPECT_GT(fd.get(), 2);
    EXPECT_EQ(::fcntl(STDIN_FILENO, F_GETFD), -1);
  }
  if (kept) ::dup2(kept.get(), STDIN_FILENO);
}

class AtomicFileTest : public ::testing::Test {
 protected:
  test::Scratch scratch_;
};

TEST(PathOf, IsTheRealPathAndSaysWhatIsRemoved) {
  const test::Scratch scratch;
  const auto real = real_path(scratch.path());
  std::ofstream(scratch / "file") << "x";
  std::filesystem::create_symlink("file", scratch / "link");
  const Fd fd = open_file(scratch / "link", O_RDONLY);
  EXPECT_EQ(path_of(fd.get()), real / "file");
  EXPECT_EQ(real_path(scratch / "link"), real / "file");
  std::filesystem::remove(scratch / "file");
  EXPECT_EQ(path_of(fd.get()), (real / "file").native() + " (deleted)");
  EXPECT_THROW(real_path(scratch / "link"), SystemError);
}

TEST(CanonicalPath, HasNoSymlinks) {
  const test::Scratch scratch;
  std::error_code failed;
  const auto real = canonical_path(scratch.path(), failed);
  EXPECT_FALSE(failed);
  std::filesystem::create_directory(scratch / "folder");
  std::filesystem::create_symlink("folder", scratch / "link");
  EXPECT_EQ(canonical_path(scratch / "link/../link/.", failed), real / "folder");
  EXPECT_FALSE(failed);
  EXPECT_EQ(canonical_path(scratch / "absent", failed), "");
  EXPECT_EQ(failed, std::errc::no_such_file_or_directory);
  EXPECT_EQ(canonical_path("/", failed), "/");
  EXPECT_FALSE(failed);
}

TEST(PathOf, IsEmptyWhereThereIsNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Fd read_end(ends[0]);
  const Fd write_end(ends[1]);
  EXPECT_EQ(path_of(ends[0]), "");
  EXPECT_EQ(path_of(-1), "");
}

TEST_F(AtomicFileTest, AppearsOnlyWhenCommitted) {
  AtomicFile file(scratch_ / "out");
  write_at(file.fd(), 0, as_bytes("hello"), "out");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out"));
  file.commit(0751);
  EXPECT_EQ(test::read_file(scratch_ / "out"), "hello");
  struct stat status {};
  ASSERT_EQ(::stat((scratch_ / "out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0751u);
  EXPECT_EQ(names_in(scratch_.path()), std::vector<std::string>{"out"});
}

TEST_F(AtomicFileTest, ReplacesInOneStep) {
  test::write_file(scratch_ / "out", "old");
  AtomicFile file(scratch_ / "out");
  write_at(file.fd(), 0, as_bytes("new"), "out");
  EXPECT_EQ(test::read_file(scratch_ / "out"), "old");
  file.commit(0644);
  EXPECT_EQ(test::read_file(scratch_ / "out"), "new");
}

TEST_F(AtomicFileTest, LeavesNothingWhenAbandoned) {
  { AtomicFile file(scratch_ / "out"); }
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
}

TEST_F(AtomicFileTest, SaysWhereItCannotWrite) {
  EXPECT_THROW(AtomicFile(scratch_ / "missing/out"), SystemError);
}

TEST(Run, GivesStatusAndErrors) {
  const Outcome outcome = run({{"sh", "-c", "echo out; echo err >&2; exit 3"}, {}, -1});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.errors, "err\n");
  EXPECT_EQ(run({{"sh", "-c", "kill -9 $$"}, {}, -1}).status, 128 + 9);
}

TEST(Run, AddsToTheEnvironmentAndKeepsTheRest) {
  EXPECT_EQ(
      run({{"sh", "-c", "test \"$A\" = 1 && test -n \"$PATH\""}, {"A=1"}, -1}).status, 0);
}

TEST(Run, DoesNotBlockOnMuchOutput) {
  const Outcome outcome = run({{"sh", "-c", "head -c 1000000 /dev/zero >&2"}, {}, -1});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors.size(), 4096u);
}

TEST(Run, SaysThatAProgramIsMissing) {
  try {
    run({{"/no-such-folder/program"}, {}, -1});
    FAIL();
  } catch (const SystemError& error) {
    EXPECT_EQ(error.number(), ENOENT);
  }
}

TEST(DaemonTest, LeavesAProcessThatIsNobodysChild) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const int kept = write_end.get();
  const int closed = read_end.get();
  Daemon daemon({kept}, [kept, closed] {
    std::string report = std::filesystem::current_path().native();
    report += ::fcntl(closed, F_GETFD) == -1 ? " closed" : " leaked";
    report += ::getsid(0) == ::getpgid(0) ? " session" : "";
    return ::write(kept, report.data(), report.size()) > 0 ? 0 : 1;
  });
  daemon.require();
  write_end.reset();
  char buffer[64] = {};
  ASSERT_GT(::read(read_end.get(), buffer, sizeof buffer - 1), 0);
  EXPECT_STREQ(buffer, "/ closed session");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(CurrentUmask, IsReadWithoutBeingChanged) {
  const mode_t before = ::umask(027);
  EXPECT_EQ(current_umask(), 027u);
  EXPECT_EQ(::umask(before), 027u);
}

}  // namespace
}  // namespace xar::base
