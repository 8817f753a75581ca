// SPDX-License-Identifier: BSD-2-Clause

#include <cerrno>
#include <cstring>
#include <string>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

std::string shown(std::string_view path) {
  if (path.empty()) return "its root directory";
  std::string text = "'";
  text += path;
  text += "' in it";
  return text;
}

}  // namespace

void throw_unreadable(const image::Image& image, std::string_view path, int error) {
  if (error == EIO) throw_damaged(image, path, "cannot be read");
  throw base::Error(error == EIO ? base::Errc::kDamaged : base::kind_of(error),
                    "cannot read", image.name(),
                    shown(path) + ": " + std::strerror(error));
}

void throw_damaged(const image::Image& image, std::string_view path,
                   std::string_view fault) {
  throw base::Error(
      base::Errc::kDamaged, "damaged image", image.name(),
      shown(path) + " " + std::string(fault) + ": copy or build the file again");
}

}  // namespace xar::inspect
