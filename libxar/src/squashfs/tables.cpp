// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/tables.hpp"

#include "squashfs/format.hpp"
#include "squashfs/metadata_writer.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {

std::uint64_t write_lookup_table(Output& output, Compressor& compressor,
                                 base::ByteView entries) {
  MetadataWriter table(compressor);
  table.append(entries);
  const std::uint64_t start = output.position();
  output.append(table.finish());

  base::Bytes list;
  for (const std::uint64_t block : table.blocks()) base::append_le(list, start + block);
  const std::uint64_t list_start = output.position();
  output.append(list);
  return list_start;
}

std::uint16_t IdTable::index_of(std::uint32_t id) {
  if (const auto known = indexes_.find(id); known != indexes_.end()) return known->second;
  if (ids_.size() == format::kMaxIds) {
    throw base::Error(
        "more than 65535 users and groups own the files: a SquashFS image holds no more");
  }
  const auto index = static_cast<std::uint16_t>(ids_.size());
  ids_.push_back(id);
  indexes_.emplace(id, index);
  return index;
}

}  // namespace xar::squashfs
