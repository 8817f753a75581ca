// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/xattr_writer.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "squashfs/format.hpp"
#include "squashfs/metadata_writer.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

using base::append_le;

constexpr std::array<std::pair<std::string_view, std::uint16_t>, 3> kPrefixes = {
    {{"user.", format::kXattrUser},
     {"trusted.", format::kXattrTrusted},
     {"security.", format::kXattrSecurity}}};

void append_xattr(base::Bytes& out, const tree::Xattr& xattr) {
  for (const auto& [prefix, type] : kPrefixes) {
    if (!xattr.name.starts_with(prefix)) continue;
    const std::string_view name = std::string_view(xattr.name).substr(prefix.size());
    append_le(out, type);
    append_le(out, static_cast<std::uint16_t>(name.size()));
    base::append(out, base::as_bytes(name));
    append_le(out, static_cast<std::uint32_t>(xattr.value.size()));
    base::append(out, base::as_bytes(xattr.value));
    return;
  }
  throw base::Error("its xattr " + xattr.name + " is not of user, trusted or security");
}

}  // namespace

std::uint32_t XattrWriter::index_of(const std::vector<tree::Xattr>& xattrs) {
  if (xattrs.empty()) return format::kNoXattrs;
  base::Bytes bytes;
  for (const tree::Xattr& xattr : xattrs) append_xattr(bytes, xattr);
  const auto next = static_cast<std::uint32_t>(sets_.size());
  const auto [known, is_new] =
      indexes_.try_emplace(std::string(base::as_text(bytes)), next);
  if (is_new)
    sets_.push_back({std::move(bytes), static_cast<std::uint32_t>(xattrs.size())});
  return known->second;
}

std::uint64_t XattrWriter::write(Output& output, Compressor& compressor) const {
  MetadataWriter values(compressor);
  MetadataWriter table(compressor);
  base::Bytes entry;
  for (const Set& set : sets_) {
    entry.clear();
    append_le(entry, values.place().reference());
    append_le(entry, set.count);
    append_le(entry, static_cast<std::uint32_t>(set.bytes.size()));
    table.append(entry);
    values.append(set.bytes);
  }
  const std::uint64_t values_start = output.position();
  output.append(values.finish());
  const std::uint64_t table_start = output.position();
  output.append(table.finish());

  base::Bytes head;
  append_le(head, values_start);
  append_le(head, static_cast<std::uint32_t>(sets_.size()));
  append_le(head, std::uint32_t{0});
  for (const std::uint64_t block : table.blocks()) append_le(head, table_start + block);
  const std::uint64_t position = output.position();
  output.append(head);
  return position;
}

}  // namespace xar::squashfs
