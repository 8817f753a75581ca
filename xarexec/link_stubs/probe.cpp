// SPDX-License-Identifier: BSD-2-Clause
// A program that needs what the launcher needs of the libraries that the other files
// here cut short. It is only linked, when the build is configured, to see which of them
// this machine's libraries allow.
#define FUSE_USE_VERSION 35
#include <fuse3/fuse_lowlevel.h>
#include <sodium.h>
#include <zstd.h>

#include <iostream>
#include <stdexcept>

int main(int argc, char**) {
  if (argc > 1) throw std::runtime_error("never run");
  fuse_args args = {};
  const fuse_lowlevel_ops operations = {};
  fuse_session* session =
      fuse_session_new(&args, &operations, sizeof(operations), nullptr);
  fuse_session_loop_mt(session, nullptr);
  fuse_session_destroy(session);
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, nullptr, 0);
  crypto_generichash(digest, sizeof(digest), nullptr, 0, nullptr, 0);
  ZSTD_freeDCtx(ZSTD_createDCtx());
  return static_cast<int>(ZSTD_decompress(digest, 1, digest, 1));
}
