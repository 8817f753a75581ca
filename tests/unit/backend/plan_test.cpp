// SPDX-License-Identifier: BSD-2-Clause
// What a launch would do, told without doing it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.hpp"
#include "xar/backend.hpp"

namespace xar::backend {
namespace {

using ::testing::HasSubstr;

class PlanTest : public ::testing::Test {
 protected:
  PlanTest() {
    std::filesystem::create_directory(root_);
    ::chmod(root_.c_str(), 01777);
    context_.roots = {root_};
    header_.uuid = "0";
  }

  Plan make(const Obstacles& obstacles, std::uint64_t size = 0) {
    const Request request{header_,
                          archive_,
                          context_,
                          [this] {
                            return std::vector<cache::Location>{
                                {scratch_ / "none/such/xar", false},
                                {scratch_ / "cache/xar", false}};
                          },
                          backend_,
                          false,
                          {}};
    return plan(request, obstacles, size);
  }

  test::Scratch scratch_;
  std::filesystem::path root_ = scratch_ / "root";
  header::Header header_;
  mount::Archive archive_;
  mount::MountContext context_;
  std::optional<Backend> backend_;
};

TEST_F(PlanTest, TakesTheFirstBackendWithoutObstacle) {
  const Plan mounted = make({});
  ASSERT_TRUE(mounted.success);
  EXPECT_EQ(mounted.success->backend, Backend::kFuse);
  EXPECT_EQ(mounted.success->path.parent_path(), root_);
  EXPECT_FALSE(mounted.success->is_there);
  const Plan apart = make({"no device", ""});
  ASSERT_TRUE(apart.success);
  EXPECT_EQ(apart.success->backend, Backend::kUserns);
  ASSERT_EQ(apart.failures.size(), 1U);
  EXPECT_EQ(apart.failures[0].reason, "no device");
}

TEST_F(PlanTest, UnpacksInTheFirstLocationThatCanBeUsed) {
  const Plan plan = make({"no device", "no namespaces"});
  ASSERT_TRUE(plan.success);
  EXPECT_EQ(plan.success->backend, Backend::kExtract);
  EXPECT_EQ(plan.success->path, scratch_ / "cache/xar");
  ASSERT_EQ(plan.failures.size(), 3U);
  EXPECT_THAT(plan.failures[2].reason, HasSubstr("none"));
}

TEST_F(PlanTest, KnowsWhatIsTooLarge) {
  const Plan plan = make({"no device", "no namespaces"}, std::uint64_t{1} << 62);
  EXPECT_FALSE(plan.success);
  EXPECT_THAT(plan.failures.back().reason, HasSubstr("are free, needed are"));
}

TEST_F(PlanTest, AFolderThatIsNotSafeIsPassedOver) {
  const auto folder = root_ / ("uid-" + std::to_string(::geteuid()));
  std::filesystem::create_directory(folder);
  ::chmod(folder.c_str(), 0777);
  const Plan plan = make({});
  ASSERT_TRUE(plan.success);
  EXPECT_EQ(plan.success->backend, Backend::kExtract);
  EXPECT_THAT(plan.failures.front().reason,
              HasSubstr("expected a directory of mode 0755"));
}

TEST_F(PlanTest, MakesNothing) {
  make({});
  make({"no device", "no namespaces"});
  EXPECT_TRUE(std::filesystem::is_empty(root_));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "cache"));
}

TEST_F(PlanTest, ABackendThatIsAskedForIsTheOnlyOne) {
  backend_ = Backend::kFuse;
  const Plan plan = make({"no device", ""});
  EXPECT_FALSE(plan.success);
  EXPECT_EQ(plan.failures.size(), 1U);
}

}  // namespace
}  // namespace xar::backend
