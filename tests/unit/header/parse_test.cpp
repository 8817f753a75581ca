// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

using ::testing::HasSubstr;

constexpr const char* kFront =
    "#!/usr/bin/env xarexec_fuse\nOFFSET=\"4096\"\nUUID=\"b78cddc6\"\n";

std::string complete(const std::string& lines) {
  return kFront + lines + "#xar_stop\n";
}

// The sentence with which `text` is refused; empty if it is not.
std::string refusal(const std::string& text) {
  try {
    parse(text, "app.xar");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(HeaderParse, ReadsWhatTheOriginalWrites) {
  const Header header =
      parse(complete("VERSION=\"1795440486\"\n"
                     "DEPENDENCIES=\"\"\n"
                     "MOUNT_ROOT=\"/x\"\n"
                     "XAREXEC_TARGET=\"run.sh\"\n"
                     "XAREXEC_TRAMPOLINE_NAMES=\"'invoke_xar_via_trampoline'\"\n"),
            "app.xar");
  EXPECT_EQ(header.launcher, "/usr/bin/env xarexec_fuse");
  EXPECT_EQ(header.offset, 4096u);
  EXPECT_EQ(header.uuid, "b78cddc6");
  EXPECT_EQ(header.version, "1795440486");
  EXPECT_EQ(header.mount_root, "/x");
  EXPECT_EQ(header.target, "run.sh");
  EXPECT_FALSE(header.image_sha256);
}

TEST(HeaderParse, HasTheDigestInLowerCase) {
  const std::string digits = "0123456789abcdefABCDEF";
  const std::string digest = digits + digits + digits.substr(0, 20);
  const Header header = parse(complete("IMAGE_SHA256=\"" + digest + "\"\n"), "app.xar");
  EXPECT_EQ(header.image_sha256,
            "0123456789abcdefabcdef0123456789abcdefabcdef0123456789abcdefabcd");
}

TEST(HeaderParse, AcceptsBlankLinesCommentsAndUnknownNames) {
  const Header header = parse(complete("\n# a comment\nCOLOUR=\"a=b\"\n"), "app.xar");
  EXPECT_EQ(header.others.at("COLOUR"), "a=b");
}

TEST(HeaderParse, AcceptsMountOnlyFiles) {
  EXPECT_FALSE(parse(complete(""), "app.xar").target);
  EXPECT_FALSE(parse(complete("XAREXEC_TARGET=\"\"\n"), "app.xar").target);
}

TEST(HeaderParse, IgnoresWhatFollowsTheStopLine) {
  EXPECT_EQ(refusal(complete("") + "echo not a line of ours\n" + std::string(3, '\0')),
            "");
}

TEST(HeaderParse, SaysWhichLineIsWrongAndWhatWasExpected) {
  EXPECT_EQ(refusal(complete("VERSION=1\n")),
            "bad XAR header: app.xar: line 4: expected NAME=\"value\"");
  EXPECT_THAT(refusal(complete("X=\"a\"b\"\n")),
              HasSubstr("line 4: expected no quote inside"));
  EXPECT_THAT(refusal(complete("=\"a\"\n")), HasSubstr("line 4: expected NAME"));
  EXPECT_THAT(refusal(complete("X=\"\n")), HasSubstr("line 4: expected NAME"));
  EXPECT_THAT(refusal(complete("UUID=\"ab\"\n")),
              HasSubstr("line 4: expected each name once"));
}

TEST(HeaderParse, RefusesWhatIsNotAXar) {
  EXPECT_THAT(refusal(""), HasSubstr("not a XAR: app.xar"));
  EXPECT_THAT(refusal("\x7f"
                      "ELF"),
              HasSubstr("not a XAR"));
  EXPECT_THAT(refusal("#!/bin/sh\n"), HasSubstr("line 2: expected '#xar_stop'"));
  EXPECT_THAT(refusal("#!/bin/sh"), HasSubstr("line 1: expected '#xar_stop'"));
  EXPECT_THAT(refusal("#!/bin/sh\n#xar_stop\n"), HasSubstr("expected an OFFSET line"));
  EXPECT_THAT(refusal("#!/bin/sh\nOFFSET=\"4096\"\n#xar_stop\n"),
              HasSubstr("expected a UUID line"));
}

TEST(HeaderParse, RefusesNulBytes) {
  EXPECT_THAT(refusal(complete(std::string("X=\"\0\"\n", 6))),
              HasSubstr("line 4: has a NUL byte"));
}

TEST(HeaderParse, RefusesValuesThatCouldLeaveTheMount) {
  for (const char* target : {"../run.sh", "a/../../b", "..", "a/.."}) {
    EXPECT_THAT(refusal(complete(std::string("XAREXEC_TARGET=\"") + target + "\"\n")),
                HasSubstr("stays in the archive"))
        << target;
  }
  EXPECT_THAT(refusal(complete("XAREXEC_TARGET=\"/bin/sh\"\n")),
              HasSubstr("relative to"));
  EXPECT_THAT(refusal(complete("MOUNT_ROOT=\"tmp\"\n")), HasSubstr("an absolute path"));
  EXPECT_THAT(refusal(complete("MOUNT_ROOT=\"/tmp/..\"\n")), HasSubstr("without '..'"));
  EXPECT_EQ(refusal(complete("XAREXEC_TARGET=\"a..b/..c\"\n")), "");
}

class OffsetTest : public ::testing::TestWithParam<const char*> {};

TEST_P(OffsetTest, IsRefused) {
  const std::string text =
      std::string("#!/x\nOFFSET=\"") + GetParam() + "\"\nUUID=\"ab\"\n#xar_stop\n";
  EXPECT_THAT(refusal(text),
              HasSubstr("line 2: OFFSET: expected a positive multiple of 4096"));
}

INSTANTIATE_TEST_SUITE_P(HeaderParse, OffsetTest,
                         ::testing::Values("", "0", "-4096", "4095", "4097", "4096 ",
                                           " 4096", "0x1000", "1052672",
                                           "18446744073709551616", "4096a"));

class UuidTest : public ::testing::TestWithParam<const char*> {};

TEST_P(UuidTest, IsRefused) {
  const std::string text =
      std::string("#!/x\nOFFSET=\"4096\"\nUUID=\"") + GetParam() + "\"\n#xar_stop\n";
  EXPECT_THAT(refusal(text), HasSubstr("line 3: UUID: expected"));
}

INSTANTIATE_TEST_SUITE_P(HeaderParse, UuidTest,
                         ::testing::Values("", "../..", "g", "a b"));

class HeaderReadTest : public ::testing::Test {
 protected:
  std::string refusal_of(const std::string& content) {
    test::write_file(scratch_ / "app.xar", content);
    const base::Fd fd = base::open_file(scratch_ / "app.xar", O_RDONLY);
    try {
      read(fd.get(), "app.xar");
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  test::Scratch scratch_;
};

TEST_F(HeaderReadTest, ReadsHeadersLongerThanTheFirst4KiB) {
  std::string text = "#!/x\nOFFSET=\"8192\"\nUUID=\"ab\"\nX=\"" + std::string(5000, 'x') +
                     "\"\nXAREXEC_TARGET=\"late\"\n#xar_stop\n";
  text.resize(8192, '\n');
  test::write_file(scratch_ / "app.xar", text);
  const base::Fd fd = base::open_file(scratch_ / "app.xar", O_RDONLY);
  EXPECT_EQ(read(fd.get(), "app.xar").target, "late");
}

TEST_F(HeaderReadTest, StopsAtOneMebibyte) {
  const std::string endless = std::string(kFront) + std::string(2 << 20, '\n');
  EXPECT_THAT(refusal_of(endless), HasSubstr("expected '#xar_stop'"));
  EXPECT_THAT(refusal_of("#!" + std::string(2 << 20, 'x')),
              HasSubstr("line 1: expected"));
}

TEST_F(HeaderReadTest, RefusesFilesCutShort) {
  EXPECT_THAT(refusal_of(complete("")), HasSubstr("cut short: app.xar"));
  EXPECT_THAT(refusal_of(""), HasSubstr("not a XAR: app.xar"));
}

}  // namespace
}  // namespace xar::header
