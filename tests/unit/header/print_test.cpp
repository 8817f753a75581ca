// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Header sample() {
  Header header;
  header.uuid = std::string(32, 'a');
  header.version = "1";
  header.target = "run.sh";
  header.image_sha256 = std::string(64, 'a');
  return header;
}

std::string refusal(const Header& header) {
  try {
    print(header);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(HeaderPrint, IsWhatTheOriginalExpectsByteForByte) {
  Header header = sample();
  header.mount_root = "/x";
  EXPECT_THAT(print(header), StartsWith("#!/usr/bin/env xarexec_fuse\n"
                                        "OFFSET=\"4096\"\n"
                                        "UUID=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n"
                                        "VERSION=\"1\"\n"
                                        "DEPENDENCIES=\"\"\n"
                                        "MOUNT_ROOT=\"/x\"\n"
                                        "XAREXEC_TARGET=\"run.sh\"\n"));
  EXPECT_EQ(print(header).size(), 4096u);
  EXPECT_EQ(print(header).back(), '\n');
}

TEST(HeaderPrint, IsUnderstoodByTheParser) {
  Header header = sample();
  header.others["DEPENDENCIES"] = "a.xar b.xar";
  header.others["COLOUR"] = "green";
  const Header again = parse(print(header), "app.xar");
  EXPECT_EQ(again.launcher, header.launcher);
  EXPECT_EQ(again.uuid, header.uuid);
  EXPECT_EQ(again.version, header.version);
  EXPECT_EQ(again.image_sha256, header.image_sha256);
  EXPECT_EQ(again.target, header.target);
  EXPECT_EQ(again.mount_root, header.mount_root);
  EXPECT_EQ(again.others, header.others);
}

// The original counts characters and misplaces the image behind any other name.
TEST(HeaderPrint, CountsBytesNotCharacters) {
  Header header = sample();
  header.target = "größer/日本.sh";
  EXPECT_EQ(print(header).size(), 4096u);
}

TEST(HeaderPrint, MovesTheImageWhenTheHeaderNeedsMoreRoom) {
  Header header = sample();
  header.target = std::string(4000, 'x');
  const std::string text = print(header);
  EXPECT_EQ(text.size(), 8192u);
  EXPECT_EQ(parse(text, "app.xar").offset, 8192u);
}

TEST(HeaderPrint, RefusesWhatTheParserWould) {
  Header header = sample();
  header.target = "a\"b";
  EXPECT_THAT(refusal(header), HasSubstr("without quotes, newlines"));
  header.target = "a\nb";
  EXPECT_THAT(refusal(header), HasSubstr("XAREXEC_TARGET=a\\x0ab"));
  header.target = "../run.sh";
  EXPECT_THAT(refusal(header), HasSubstr("stays in the archive"));
  header = sample();
  header.uuid = "xyz";
  EXPECT_THAT(refusal(header), HasSubstr("hex digits only"));
  header = sample();
  header.version = "today";
  EXPECT_THAT(refusal(header), HasSubstr("decimal digits"));
  header = sample();
  header.mount_root = "relative";
  EXPECT_THAT(refusal(header), HasSubstr("an absolute path"));
  header = sample();
  header.target = std::string(2 << 20, 'x');
  EXPECT_THAT(refusal(header), HasSubstr("over 1 MiB"));
}

// Linux reads 256 bytes of a first line and cuts the rest off.
TEST(HeaderPrint, RefusesAFirstLineThatTheKernelWouldCut) {
  Header header = sample();
  header.launcher = "/" + std::string(252, 'x');
  EXPECT_EQ(refusal(header), "");
  header.launcher += "x";
  EXPECT_THAT(refusal(header), HasSubstr("253 bytes at most"));
  header.launcher = "xarexec_fuse";
  EXPECT_THAT(refusal(header), HasSubstr("absolute path"));
}

TEST(HeaderPrint, TellsAShellToStop) {
  const test::Scratch scratch;
  test::write_file(scratch / "app.xar", print(sample()) + "hsqs");
  const test::Ran ran = test::shell("sh " + test::quoted(scratch / "app.xar"));
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("This is a XAR"));
}

}  // namespace
}  // namespace xar::header
