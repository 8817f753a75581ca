// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/memory_file.hpp"
#include "xar/base/error.hpp"
#include "xar/base/hex.hpp"
#include "xar/digest.hpp"

namespace xar::digest {
namespace {

constexpr const char* kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string of_file(std::string_view content, std::uint64_t offset, std::uint64_t size) {
  const base::Fd file = test::memory_file(base::as_bytes(content));
  return sha256(file.get(), offset, size, "memory", [] {});
}

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(of_file("abc", 0, 3), kOfAbc);
  EXPECT_EQ(of_file("", 0, 0), kOfNothing);
  EXPECT_EQ(base::to_hex(sha256(base::as_bytes("abc"))), kOfAbc);
  EXPECT_EQ(base::to_hex(sha256(base::ByteView())), kOfNothing);
}

TEST(Sha256, IsOfThePartOnly) {
  EXPECT_EQ(of_file("xxabcyy", 2, 3), kOfAbc);
  EXPECT_EQ(of_file("xxabcyy", 7, 0), kOfNothing);
}

TEST(Sha256, RefusesAFileThatEndsBefore) {
  EXPECT_THROW(of_file("abc", 0, 4), base::Error);
  EXPECT_THROW(of_file("abc", 100, 1), base::Error);
  EXPECT_THROW(of_file("abc", 1, UINT64_MAX), base::Error);
}

// Read in pieces of a MiB.
TEST(Sha256, IsTheSameInPiecesAndInOne) {
  for (const std::size_t size : {(1U << 20) - 1, 1U << 20, (1U << 20) + 1, 5U << 19}) {
    const std::string content(size, 'c');
    EXPECT_EQ(of_file(content, 0, size), base::to_hex(sha256(base::as_bytes(content))))
        << size;
  }
}

TEST(Sha256, EndsWhenTold) {
  const base::Fd file = test::memory_file(base::as_bytes(std::string(3 << 20, 'c')));
  unsigned calls = 0;
  EXPECT_THROW(sha256(file.get(), 0, 3 << 20, "memory",
                      [&calls] {
                        if (++calls == 2) throw std::runtime_error("cancelled");
                      }),
               std::runtime_error);
}

TEST(Blake2b, IsThatOfTheStandard) {
  EXPECT_EQ(base::to_hex(blake2b(base::as_bytes("abc"))),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(base::to_hex(blake2b(base::ByteView())),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

}  // namespace
}  // namespace xar::digest
