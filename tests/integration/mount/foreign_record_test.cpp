// SPDX-License-Identifier: BSD-2-Clause
// Whose word counts when mounts are listed.
#include <gtest/gtest.h>
#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "support/scratch.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {
namespace {

constexpr uid_t kNobody = 65534;
constexpr const char* kPoint = "/nowhere/foreign-record";

// What a server at kPoint says of itself.
base::Bytes record() {
  base::Bytes bytes;
  base::append(bytes, base::as_bytes("xarsrv02"));
  base::append_le(bytes, std::uint64_t{77});  // a device number that no mount has
  bytes.resize(48);
  for (std::string text : {std::string(kPoint), std::string("/nowhere/a.xar")}) {
    text.resize(PATH_MAX);
    base::append(bytes, base::as_bytes(text));
  }
  bytes.resize(bytes.size() + PATH_MAX);  // no lock file
  return bytes;
}

// A record in memory of `owner`, held by this process as one that was passed to it.
base::Fd record_of(uid_t owner) {
  if (::seteuid(owner) != 0) return {};
  base::Fd fd(::memfd_create("xar-server", MFD_CLOEXEC));
  if (::seteuid(0) != 0) return {};
  base::write_at(fd.get(), 0, record(), "record");
  return fd;
}

bool is_listed() {
  return std::ranges::any_of(list_mounted(), [](const Mounted& mounted) {
    return mounted.point == kPoint && mounted.server && mounted.server->pid == ::getpid();
  });
}

TEST(ForeignRecordTest, MakesNoServerOfTheProcessThatHoldsIt) {
  XAR_NEEDS_ROOT();
  {
    const base::Fd own = record_of(0);
    ASSERT_TRUE(own);
    EXPECT_TRUE(is_listed());
  }
  const base::Fd foreign = record_of(kNobody);
  ASSERT_TRUE(foreign);
  EXPECT_FALSE(is_listed());
}

}  // namespace
}  // namespace xar::mount
