// SPDX-License-Identifier: BSD-2-Clause
#include "backend/rung.hpp"
#include "xar/base/error.hpp"
#include "xar/cache.hpp"

namespace xar::backend {
namespace {

cache::Source source_of(const Request& request) {
  return {request.archive.path, request.archive.fd, request.header,
          request.archive.identity};
}

mount::Pinned pinned(cache::Unpacked unpacked) {
  return {std::move(unpacked.fd), std::move(unpacked.directory), unpacked.fresh};
}

std::optional<mount::Pinned> find(const Request& request, const Places&) {
  if (request.cache.empty()) return std::nullopt;
  auto found = cache::find(request.cache, source_of(request));
  if (!found) return std::nullopt;
  return pinned(std::move(*found));
}

mount::Pinned make(const Request& request, const Places&) {
  if (request.cache.empty()) throw base::Error(cache::kNoFolder);
  return pinned(cache::ensure(request.cache, source_of(request)));
}

}  // namespace

const Step kExtractStep = {"extract", find, make};

}  // namespace xar::backend
