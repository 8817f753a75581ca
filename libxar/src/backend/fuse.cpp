// SPDX-License-Identifier: BSD-2-Clause
#include "backend/rung.hpp"

namespace xar::backend {
namespace {

std::optional<mount::Pinned> find(const Request& request, const Places& places) {
  return mount::pin(places, request.archive);
}

mount::Pinned make(const Request& request, const Places& places) {
  return mount::ensure(places, request.archive, request.surroundings);
}

}  // namespace

const Step kFuseStep = {"fuse", find, make};

}  // namespace xar::backend
