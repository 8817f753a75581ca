// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <new>

namespace xar::cli {
namespace {

using base::Errc;
using base::Error;
using ::testing::HasSubstr;

TEST(RunMain, TurnsAFailureIntoOneLineAndItsStatus) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(
      run_main("prog", []() -> int { throw StatusError(126, "what", "a\nb", "advice"); }),
      126);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "prog: what: a\\x0ab: advice\n");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_main("prog", []() -> int { throw std::bad_alloc(); }), 125);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("prog: out of memory"));
  EXPECT_EQ(run_main("prog", [] { return 7; }), 7);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(
      run_main("prog",
               []() -> int {
                 return static_cast<int>(std::filesystem::file_size("/no/such file"));
               }),
      125);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "prog: cannot use: /no/such file: No such file or directory\n");
}

TEST(RunMain, AddsTheProgramsAdviceByKind) {
  const Advice advice = [](Errc kind) {
    return kind == Errc::kInUse ? "end them first" : nullptr;
  };
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_main(
                "prog", []() -> int { throw Error(Errc::kInUse, "in use"); }, advice),
            kExitFailure);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "prog: in use: end them first\n");
  ::testing::internal::CaptureStderr();
  run_main(
      "prog", []() -> int { throw Error("other"); }, advice);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "prog: other\n");
}

TEST(RunMain, GivesAnErrorAnotherStatusAndKeepsItsAdvice) {
  const Advice advice = [](Errc) { return "try again"; };
  ::testing::internal::CaptureStderr();
  const auto body = []() -> int {
    throw StatusError(32, Error(Errc::kBusy, "cannot mount"));
  };
  EXPECT_EQ(run_main("prog", body, advice), 32);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "prog: cannot mount: try again\n");
}

}  // namespace
}  // namespace xar::cli
