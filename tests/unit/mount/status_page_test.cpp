// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/status_page.hpp"

#include <gtest/gtest.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "mount/server/serve_options.hpp"
#include "support/scratch.hpp"
#include "xar/base/clock.hpp"
#include "xar/base/proc.hpp"

namespace xar::mount {
namespace {

ServeOptions options_of(const std::filesystem::path& archive) {
  ServeOptions options;
  options.point = "/point";
  options.timeout = 870;
  options.archive = archive;
  return options;
}

// What others find of this process.
std::vector<Server> found_here() {
  std::vector<Server> servers = find_servers();
  std::erase_if(servers, [](const Server& server) { return server.pid != ::getpid(); });
  return servers;
}

TEST(StatusPage, IsNotFoundBeforeItIsPublished) {
  const StatusPage page(options_of("/archive"));
  EXPECT_TRUE(found_here().empty());
}

TEST(StatusPage, SaysWhatIsServedOnceItIsPublished) {
  StatusPage page(options_of("/archive"));
  page.publish(0x1234);
  const std::vector<Server> found = found_here();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].device, 0x1234U);
  EXPECT_EQ(found[0].point, "/point");
  EXPECT_EQ(found[0].archive, "/archive");
  EXPECT_EQ(found[0].lock_file, "");
  EXPECT_EQ(found[0].timeout, 870U);
  EXPECT_EQ(found[0].owner, ::geteuid());
  EXPECT_GT(found[0].memory, 0U);
  EXPECT_FALSE(found[0].stopped);
}

TEST(StatusPage, IsGoneWithTheServer) {
  {
    StatusPage page(options_of("/archive"));
    page.publish(1);
  }
  EXPECT_TRUE(found_here().empty());
}

TEST(StatusPage, PathThatIsTooLongIsCut) {
  StatusPage page(options_of("/" + std::string(2 * PATH_MAX, 'a')));
  page.publish(1);
  const std::vector<Server> found = found_here();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].archive.native().size(), PATH_MAX - 1U);
}

class ParseStatusPage : public ::testing::Test {
 protected:
  // Where a record of this magic has its fields. Other versions of xarexec read them.
  static constexpr std::size_t kDevice = 8;
  static constexpr std::size_t kStarted = 16;
  static constexpr std::size_t kTimeout = 24;
  static constexpr std::size_t kLatest = 40;
  static constexpr std::size_t kPoint = 48;
  static constexpr std::size_t kArchive = kPoint + PATH_MAX;
  static constexpr std::size_t kLockFile = kArchive + PATH_MAX;

  ParseStatusPage() {
    put_text(0, "xarsrv02");
    put_text(kPoint, "/point");
    put_text(kArchive, "/archive");
  }

  void put(std::size_t at, std::uint64_t value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void put_text(std::size_t at, std::string_view text) {
    std::ranges::copy(base::as_bytes(text),
                      bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void fill(std::size_t at) {
    std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at), PATH_MAX,
                std::byte{'x'});
  }

  base::Bytes bytes_ = base::Bytes(kLockFile + PATH_MAX);
};

TEST_F(ParseStatusPage, ReadsEachField) {
  put(kDevice, 0x1122334455667788);
  put(kTimeout, 77);
  put_text(kLockFile, "/lock");
  const auto server = parse_status_page(bytes_);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->device, 0x1122334455667788U);
  EXPECT_EQ(server->timeout, 77U);
  EXPECT_EQ(server->point, "/point");
  EXPECT_EQ(server->archive, "/archive");
  EXPECT_EQ(server->lock_file, "/lock");
}

TEST_F(ParseStatusPage, RefusesAnotherSizeOrMagic) {
  EXPECT_EQ(bytes_.size(), status_page_size());
  base::Bytes longer = bytes_;
  longer.push_back({});
  EXPECT_FALSE(parse_status_page(longer));
  EXPECT_FALSE(parse_status_page(base::ByteView(bytes_).first(bytes_.size() - 1)));
  EXPECT_FALSE(parse_status_page(base::ByteView(bytes_).first(7)));
  EXPECT_FALSE(parse_status_page({}));
  put_text(0, "xarsrv01");
  EXPECT_FALSE(parse_status_page(bytes_));
}

TEST_F(ParseStatusPage, RefusesPathsThatAreEmptyOrHaveNoEnd) {
  const base::Bytes sound = bytes_;
  for (const std::size_t path : {kPoint, kArchive}) {
    bytes_ = sound;
    put(path, 0);
    EXPECT_FALSE(parse_status_page(bytes_)) << path;
    fill(path);
    EXPECT_FALSE(parse_status_page(bytes_)) << path;
  }
}

TEST_F(ParseStatusPage, LockFileWithoutAnEndCountsAsNone) {
  fill(kLockFile);
  ASSERT_TRUE(parse_status_page(bytes_));
  EXPECT_EQ(parse_status_page(bytes_)->lock_file, "");
}

TEST_F(ParseStatusPage, TimesInTheFutureCountAsNow) {
  put(kStarted, UINT64_MAX);
  put(kLatest, UINT64_MAX);
  EXPECT_EQ(parse_status_page(bytes_)->uptime, 0U);
  EXPECT_EQ(parse_status_page(bytes_)->quiet, 0U);
}

TEST_F(ParseStatusPage, IsQuietSinceTheLatestRequestOrTheStart) {
  const std::uint64_t now = base::monotonic_seconds();
  put(kStarted, now - std::min<std::uint64_t>(now, 100));
  EXPECT_EQ(parse_status_page(bytes_)->quiet, parse_status_page(bytes_)->uptime);
  put(kLatest, UINT64_MAX);
  EXPECT_EQ(parse_status_page(bytes_)->quiet, 0U);
  EXPECT_GE(parse_status_page(bytes_)->uptime, std::min<std::uint64_t>(now, 100));
}

}  // namespace
}  // namespace xar::mount
