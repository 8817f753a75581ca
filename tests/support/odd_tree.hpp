// SPDX-License-Identifier: BSD-2-Clause
// A tree on disk with everything that a file system may hold and writers get wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>

namespace xar::test {

struct OddTree {
  std::size_t crowd = 20000;               // entries of its largest directory
  std::uint64_t sparse_size = 3ULL << 30;  // bytes of its sparse file
  std::size_t block_size = 128 * 1024;     // files end around its multiples
};

// Fills the empty or missing folder `at`. Devices are made by root only.
void make_odd_tree(const std::filesystem::path& at, const OddTree& options);

// Fills `at` with a random tree of about `inodes` inodes, of sizes around the edges of
// blocks and fragments. The same generator state makes the same tree.
void make_random_tree(const std::filesystem::path& at, std::size_t inodes,
                      std::size_t block_size, std::mt19937_64& random);

}  // namespace xar::test
