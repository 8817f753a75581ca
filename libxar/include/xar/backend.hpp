// SPDX-License-Identifier: BSD-2-Clause
// The ladder: the ways to an archive's files as a directory, from the one that serves
// every program to the one that works everywhere.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "xar/header.hpp"
#include "xar/mount.hpp"

namespace xar::backend {

// The rungs, in the order in which they are tried.
enum class Rung {
  kFuse,     // mounted for the caller's mount namespace, by mount(2) or fusermount3
  kUserns,   // mounted in a user and mount namespace of its own, which the caller enters
  kExtract,  // unpacked into the user's cache
};

// The rung that `word` names: "fuse", "userns" or "extract"; nothing for "auto".
// Throws base::Error, naming `source`, for other words.
std::optional<Rung> parse_rung(std::string_view word, std::string_view source);

// The word for it.
const char* name_of(Rung rung);

struct Request {
  const header::Header& header;
  const mount::Archive& archive;
  const mount::Surroundings& surroundings;
  std::filesystem::path cache;  // the user's folder for unpacked archives; empty: none
  std::optional<Rung> rung;     // this one only
  // Whether the directory is to be seen by other processes too, which rules out a
  // namespace.
  bool for_others = false;
};

// The archive as a directory, on the first rung that holds. What is there already is
// used. On the rung kUserns the calling process is in other namespaces afterwards. Throws
// base::Error that says what is wrong with the archive, or what every rung lacks. The
// caller must have no other thread.
mount::Pinned provide(const Request& request);

}  // namespace xar::backend
