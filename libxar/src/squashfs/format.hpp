// SPDX-License-Identifier: BSD-2-Clause
// The constants of SquashFS 4.0 as FORMAT.md, "The image", explains them. The
// kernel's own are in fs/squashfs/squashfs_fs.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xar::squashfs::format {

inline constexpr std::uint32_t kMagic = 0x73717368;  // "hsqs"
inline constexpr std::uint16_t kMajor = 4;
inline constexpr std::uint16_t kMinor = 0;
inline constexpr std::uint16_t kZstd = 6;

inline constexpr std::size_t kSuperblockSize = 96;
inline constexpr std::size_t kMetadataBlockSize = 8192;
inline constexpr std::size_t kPadding = 4096;

// The level that a reader assumes where no compressor options are stored.
inline constexpr int kImpliedLevel = 15;

// Marks a block that is stored as it is, in its size field.
inline constexpr std::uint32_t kStoredData = 1U << 24;
inline constexpr std::uint16_t kStoredMetadata = 1U << 15;

// In place of what is absent.
inline constexpr std::uint32_t kNoFragment = UINT32_MAX;
inline constexpr std::uint32_t kNoXattrs = UINT32_MAX;
inline constexpr std::uint64_t kNoTable = UINT64_MAX;

// Superblock flags.
inline constexpr std::uint16_t kFlagNoFragments = 0x0010;
inline constexpr std::uint16_t kFlagExportable = 0x0080;
inline constexpr std::uint16_t kFlagNoXattrs = 0x0200;
inline constexpr std::uint16_t kFlagCompressorOptions = 0x0400;

// Inode types; an extended one is its basic one plus kExtended. Directory entries
// always name the basic one.
inline constexpr std::uint16_t kDirectory = 1;
inline constexpr std::uint16_t kRegular = 2;
inline constexpr std::uint16_t kSymlink = 3;
inline constexpr std::uint16_t kBlockDevice = 4;
inline constexpr std::uint16_t kCharDevice = 5;
inline constexpr std::uint16_t kFifo = 6;
inline constexpr std::uint16_t kSocket = 7;
inline constexpr std::uint16_t kExtended = 7;

// Extended attributes: what stands for the beginning of a name.
inline constexpr std::uint16_t kXattrUser = 0;
inline constexpr std::uint16_t kXattrTrusted = 1;
inline constexpr std::uint16_t kXattrSecurity = 2;

// A directory's listing: entries come in runs behind a header each.
inline constexpr std::size_t kDirectoryHeaderSize = 12;
inline constexpr std::size_t kDirectoryEntrySize = 8;  // and the name
inline constexpr std::size_t kMaxRun = 256;
inline constexpr std::size_t kMaxName = 255;
inline constexpr std::size_t kMaxTarget = 4095;  // Linux follows no longer symlink
// A listing's size counts "." and ".." as three bytes that are not stored.
inline constexpr std::uint32_t kDotsSize = 3;

// Twelve and twenty bits, as the kernel's new_encode_dev() packs them.
inline constexpr unsigned kMaxMajor = 0xFFF;
inline constexpr unsigned kMaxMinor = 0xFFFFF;

// Blocks in one file. The format sets no such limit, but a list of 32-bit sizes has
// to be kept in memory by every reader: half a GiB of it, for 16 TiB at 128 KiB each.
inline constexpr std::uint64_t kMaxBlocks = 1U << 27;

// The id table's index and count are of 16 bits, and a count of 65536 would read 0.
inline constexpr std::size_t kMaxIds = UINT16_MAX;

}  // namespace xar::squashfs::format
