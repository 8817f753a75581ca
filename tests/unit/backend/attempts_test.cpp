// SPDX-License-Identifier: BSD-2-Clause
// The order in which a launch and a plan try things, and what ends the search.
#include "backend/attempts.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "support/scratch.hpp"

namespace xar::backend {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Notes what is tried, and succeeds where it is told to.
class Recorder : public Attempts {
 public:
  std::vector<std::string> tried;
  std::set<std::string> there;  // what can be used
  std::set<std::string> works;  // what can be made
  // What is thrown for everything else.
  std::exception_ptr error =
      std::make_exception_ptr(base::SystemError(EACCES, "cannot", "x"));

  bool use_mount(const Slots&) override { return use("mount"); }
  bool use_mount_in_namespace(const Slots&) override { return use("namespace"); }
  bool use_unpacked(const cache::Location& at) override {
    return use("unpacked " + at.folder.native());
  }
  void mount(const mount::MountSlot& slot) override { make("fuse", slot.user_folder); }
  void mount_in_namespace(const mount::MountSlot& slot) override {
    make("userns", slot.user_folder);
  }
  void unpack(const cache::Location& at) override { make("extract", at.folder); }

 private:
  bool use(const std::string& what) {
    tried.push_back("use " + what);
    return there.contains(what);
  }
  void make(const std::string& how, const std::filesystem::path& where) {
    tried.push_back(how + " " + where.filename().native());
    if (!works.contains(tried.back())) std::rethrow_exception(error);
  }
};

class AttemptsTest : public ::testing::Test {
 protected:
  AttemptsTest() {
    for (const char* root : {"first", "second"}) {
      const auto path = scratch_ / root;
      std::filesystem::create_directory(path);
      ::chmod(path.c_str(), 01777);
      context_.roots.push_back(path);
    }
    context_.roots.erase(context_.roots.begin(), context_.roots.begin() + 2);
    header_.uuid = "0";
  }

  bool search() {
    failures_.clear();
    recorder_.tried.clear();
    const Request request{
        header_,  archive_,    context_,   [this] { return locations_; },
        backend_, for_others_, needs_exec_};
    return try_backends(request, recorder_, failures_);
  }

  // The folders of a user below both roots have the same name.
  std::vector<std::string> made() const {
    std::vector<std::string> words;
    for (const std::string& what : recorder_.tried) {
      if (!what.starts_with("use ")) words.push_back(what.substr(0, what.find(' ')));
    }
    return words;
  }

  test::Scratch scratch_;
  header::Header header_;
  mount::Archive archive_;
  mount::MountContext context_;
  std::vector<cache::Location> locations_ = {{scratch_ / "a", false},
                                             {scratch_ / "b", false}};
  std::optional<Backend> backend_;
  bool for_others_ = false;
  std::function<bool()> needs_exec_;
  Recorder recorder_;
  std::vector<FailedAttempt> failures_;
};

TEST_F(AttemptsTest, WhatIsMountedIsUsedBeforeAnythingElse) {
  recorder_.there = {"mount"};
  EXPECT_TRUE(search());
  EXPECT_THAT(recorder_.tried, ElementsAre("use mount"));
  recorder_.there = {"namespace"};
  EXPECT_TRUE(search());
  EXPECT_THAT(recorder_.tried, ElementsAre("use mount", "use namespace"));
}

TEST_F(AttemptsTest, EveryBackendIsTriedAtEveryPlace) {
  EXPECT_FALSE(search());
  EXPECT_THAT(made(),
              ElementsAre("fuse", "fuse", "userns", "userns", "extract", "extract"));
  EXPECT_EQ(failures_.size(), 6U);
}

TEST_F(AttemptsTest, TheFirstThatWorksIsTheLast) {
  recorder_.works = {"extract b"};
  EXPECT_TRUE(search());
  EXPECT_EQ(recorder_.tried.back(), "extract b");
  EXPECT_EQ(failures_.size(), 5U);
}

TEST_F(AttemptsTest, WhatIsUnpackedSomewhereIsUsedBeforeAnythingIsUnpacked) {
  recorder_.there = {"unpacked " + (scratch_ / "b").native()};
  EXPECT_TRUE(search());
  EXPECT_THAT(made(), ElementsAre("fuse", "fuse", "userns", "userns"));
}

TEST_F(AttemptsTest, ABackendThatIsAskedForIsTheOnlyOne) {
  backend_ = Backend::kUserns;
  EXPECT_FALSE(search());
  EXPECT_THAT(made(), ElementsAre("userns", "userns"));
  backend_ = Backend::kExtract;
  EXPECT_FALSE(search());
  EXPECT_THAT(made(), ElementsAre("extract", "extract"));
}

TEST_F(AttemptsTest, WhatOthersHaveToSeeIsInNoNamespace) {
  for_others_ = true;
  EXPECT_FALSE(search());
  EXPECT_THAT(made(), ElementsAre("fuse", "fuse", "extract", "extract"));
}

TEST_F(AttemptsTest, WithoutAMountRootArchivesAreUnpackedAllTheSame) {
  for (const bool is_headers : {false, true}) {
    context_.roots = {scratch_ / "none"};
    if (is_headers) header_.mount_root = (scratch_ / "none").native();
    EXPECT_FALSE(search());
    EXPECT_THAT(made(), ElementsAre("extract", "extract"));
    ASSERT_EQ(failures_.size(), 4U);
    EXPECT_THAT(reason_of(failures_[0]), ::testing::HasSubstr("cannot mount below"));
  }
}

TEST_F(AttemptsTest, AnErrorKeepsItsType) {
  search();
  EXPECT_THROW(std::rethrow_exception(failures_.front().error), base::SystemError);
}

TEST_F(AttemptsTest, AnyExceptionOnlyEndsItsOwnAttempt) {
  recorder_.error = std::make_exception_ptr(
      std::filesystem::filesystem_error("x", std::make_error_code(std::errc::io_error)));
  recorder_.works = {"extract b"};
  EXPECT_TRUE(search());
  EXPECT_EQ(failures_.size(), 5U);
}

TEST_F(AttemptsTest, AFaultOfTheArchiveEndsTheSearch) {
  backend_ = Backend::kExtract;
  recorder_.error = std::make_exception_ptr(base::Error(base::Errc::kDamaged, "damaged"));
  recorder_.works = {"extract b"};
  EXPECT_THROW(search(), base::Error);
  EXPECT_THAT(made(), ElementsAre("extract"));
}

TEST_F(AttemptsTest, AnImageThatIsNoneEndsTheSearch) {
  const base::Fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  archive_.fd = file.get();
  archive_.path = "no-image";
  EXPECT_THROW(search(), base::Error);
  EXPECT_THAT(made(), ElementsAre("fuse"));
}

TEST_F(AttemptsTest, LocationsAreOnlyAskedForWhereTheyAreNeeded) {
  recorder_.there = {"mount"};
  int asked = 0;
  const Request request{header_,
                        archive_,
                        context_,
                        [&asked] {
                          ++asked;
                          return std::vector<cache::Location>();
                        },
                        {},
                        false,
                        {}};
  EXPECT_TRUE(try_backends(request, recorder_, failures_));
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace xar::backend
