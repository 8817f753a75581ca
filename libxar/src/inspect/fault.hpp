// SPDX-License-Identifier: BSD-2-Clause
// How this room reports what an image cannot say for itself: the image answers with
// errno values, people need the file and the place in it.
#pragma once

#include <string_view>

#include "xar/image.hpp"

namespace xar::inspect {

// Throws base::Error: `path` of the image cannot be read, `error` being an errno value.
[[noreturn]] void throw_unreadable(const image::Image& image, std::string_view path,
                                   int error);

// Throws base::Error: the image is damaged at `path`, which `fault` describes.
[[noreturn]] void throw_damaged(const image::Image& image, std::string_view path,
                                std::string_view fault);

}  // namespace xar::inspect
