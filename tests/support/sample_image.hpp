// SPDX-License-Identifier: BSD-2-Clause
// A small tree with every kind of file and every interesting size, and images of
// it made by mksquashfs: what is read back is judged by another's writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace xar::test {

// Creates `root` and fills it. Device nodes and foreign owners are there only if
// root runs the test.
void make_sample_tree(const std::filesystem::path& root);

// Makes `image` of `tree`, `offset` bytes into the file, by mksquashfs with
// `options` besides. Throws std::runtime_error if that fails.
void make_image(const std::filesystem::path& tree, const std::filesystem::path& image,
                const std::string& options, std::uint64_t offset = 0);

// Likewise an image whose root holds `count` pipes, "entry-0" and so on.
void make_crowded_image(const std::filesystem::path& image, unsigned count,
                        const std::string& options = "");

// `size` bytes that differ from place to place and do not compress; the same ones
// for the same `seed`.
std::string noise(std::size_t size, std::uint32_t seed);

// The names in a directory, sorted.
std::vector<std::string> names_in(const std::filesystem::path& directory);

}  // namespace xar::test
