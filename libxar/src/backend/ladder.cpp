// SPDX-License-Identifier: BSD-2-Clause
// From rung to rung. A rung that fails costs the next ones little: each finds out at once
// that the kernel or the machine has not what it needs.
#include <fcntl.h>

#include <array>
#include <string>

#include "backend/rung.hpp"
#include "xar/base/error.hpp"
#include "xar/image.hpp"

namespace xar::backend {
namespace {

constexpr std::array<const Step*, 3> kLadder = {&kFuseStep, &kUsernsStep, &kExtractStep};

bool is_asked_for(const Request& request, Rung rung) {
  if (request.rung) return *request.rung == rung;
  return !(request.for_others && rung == Rung::kUserns);
}

// A root that the header names is the only one: without it nothing is to happen.
Places find_places(const Request& request) {
  const bool needed = request.header.mount_root || request.rung == Rung::kFuse;
  try {
    return mount::locate(request.header, request.surroundings);
  } catch (const base::Error&) {
    if (needed) throw;
    return {};
  }
}

// What is wrong with the image itself is no rung's fault, and said only once. Asked where
// a rung has failed: each that succeeds has opened the image itself.
void require_image(const mount::Archive& archive) {
  base::Fd file(::fcntl(archive.fd, F_DUPFD_CLOEXEC, 3));
  if (!file) base::throw_errno("cannot duplicate", archive.path);
  image::Image::open(std::move(file), archive.offset, archive.path);
}

mount::Pinned climb(const Request& request, const Places& places) {
  std::string reasons;
  for (std::size_t i = 0; i < kLadder.size(); ++i) {
    if (!is_asked_for(request, static_cast<Rung>(i))) continue;
    try {
      return kLadder[i]->make(request, places);
    } catch (const base::Error& error) {
      require_image(request.archive);
      if (request.rung) throw;
      reasons += std::string("; ") + kLadder[i]->name + ": " + error.what();
    }
  }
  throw base::Error("cannot use", request.archive.path, reasons.substr(2));
}

}  // namespace

std::optional<Rung> parse_rung(std::string_view word, std::string_view source) {
  if (word == "auto") return std::nullopt;
  for (std::size_t i = 0; i < kLadder.size(); ++i) {
    if (word == kLadder[i]->name) return static_cast<Rung>(i);
  }
  throw base::Error("unknown backend", source, "expected auto, fuse, userns or extract");
}

const char* name_of(Rung rung) {
  return kLadder[static_cast<std::size_t>(rung)]->name;
}

mount::Pinned provide(const Request& request) {
  const Places places = find_places(request);
  // What is mounted is used before anything is tried: this is the way of every later run.
  for (const Rung rung : {Rung::kFuse, Rung::kUserns}) {
    if (!is_asked_for(request, rung)) continue;
    auto found = kLadder[static_cast<std::size_t>(rung)]->find(request, places);
    if (found) return std::move(*found);
  }
  return climb(request, places);
}

}  // namespace xar::backend
