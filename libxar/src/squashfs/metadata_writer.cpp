// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/metadata_writer.hpp"

#include <algorithm>

#include "squashfs/format.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {

MetadataPlace MetadataWriter::place() const {
  return {static_cast<std::uint32_t>(table_.size()),
          static_cast<std::uint16_t>(pending_.size())};
}

void MetadataWriter::append(base::ByteView bytes) {
  while (!bytes.empty()) {
    const std::size_t room = format::kMetadataBlockSize - pending_.size();
    const base::ByteView part = bytes.first(std::min(room, bytes.size()));
    base::append(pending_, part);
    bytes = bytes.subspan(part.size());
    if (pending_.size() == format::kMetadataBlockSize) flush();
  }
}

const base::Bytes& MetadataWriter::finish() {
  if (!pending_.empty()) flush();
  return table_;
}

void MetadataWriter::flush() {
  const bool compressed = compressor_.compress(pending_, packed_);
  const base::Bytes& stored = compressed ? packed_ : pending_;
  if (table_.size() + stored.size() + sizeof(std::uint16_t) > UINT32_MAX) {
    throw base::Error("the tree is too large for a SquashFS image: split it");
  }
  blocks_.push_back(table_.size());
  const auto size = static_cast<std::uint16_t>(stored.size());
  base::append_le<std::uint16_t>(
      table_,
      static_cast<std::uint16_t>(compressed ? size : size | format::kStoredMetadata));
  base::append(table_, stored);
  pending_.clear();
}

}  // namespace xar::squashfs
