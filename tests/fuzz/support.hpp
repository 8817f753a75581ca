// SPDX-License-Identifier: BSD-2-Clause
// What the fuzz targets share. A target is a function from bytes to nothing: it must
// come back, whatever the bytes are. Where an invariant does not hold it calls abort().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"
#include "xar/image.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace xar::fuzz {

// The input as text.
std::string_view as_text(const std::uint8_t* data, std::size_t size);

// The input as a file in memory.
base::Fd as_file(std::string_view text);

// The input as an image. Throws base::Error as Image::open does.
image::Image open_image(std::string_view text);

// The path of an open file.
std::string path_of(int fd);

// Ends the process, with `what` on standard error, if `holds` is false.
void require(bool holds, const char* what);

// Thrown by progress functions where an input takes more than fuzzing has time for.
struct Enough {};

}  // namespace xar::fuzz
