// SPDX-License-Identifier: BSD-2-Clause
#include "backend/rung.hpp"

namespace xar::backend {
namespace {

std::optional<mount::Pinned> find(const Request& request, const Places& places) {
  return mount::pin_in_namespace(places, request.archive);
}

mount::Pinned make(const Request& request, const Places& places) {
  return mount::ensure_in_namespace(places, request.archive, request.surroundings);
}

}  // namespace

const Step kUsernsStep = {"userns", find, make};

}  // namespace xar::backend
