// SPDX-License-Identifier: BSD-2-Clause
#include "image/xattr_table.hpp"

#include <linux/limits.h>

#include <array>

#include "image/failure.hpp"

namespace xar::image {
namespace {

// In the order of the numbers that stand for them.
constexpr std::array<std::string_view, 3> kPrefixes = {"user.", "trusted.", "security."};

// Of an entry that stands for a set: where the set is, its count and its size.
constexpr std::size_t kSetSize = 16;

// Of the table's head, which the list of its blocks follows.
constexpr std::uint64_t kHeadSize = 16;

// One attribute; the cursor stands at its value.
struct Attribute {
  std::string name;  // empty where the prefix is unknown
  bool elsewhere = false;
};

Attribute read_attribute(MetadataCursor& in) {
  Attribute attribute;
  const auto type = in.take<std::uint16_t>();
  const auto length = in.take<std::uint16_t>();
  require(length > 0 && length <= XATTR_NAME_MAX);
  std::string name(length, '\0');
  in.read(std::as_writable_bytes(std::span(name)));
  require(name.find('\0') == name.npos);
  const std::size_t prefix = type & SQUASHFS_XATTR_PREFIX_MASK;
  // As for the kernel, another bit makes it one of an unknown kind.
  constexpr unsigned kKnownBits = SQUASHFS_XATTR_PREFIX_MASK | SQUASHFS_XATTR_VALUE_OOL;
  const bool is_known = (type & ~kKnownBits) == 0 && prefix < kPrefixes.size();
  if (is_known) attribute.name = std::string(kPrefixes[prefix]) + name;
  attribute.elsewhere = (type & SQUASHFS_XATTR_VALUE_OOL) != 0;
  return attribute;
}

std::uint32_t read_value_size(MetadataCursor& in) {
  const auto size = in.take<std::uint32_t>();
  require(size <= XATTR_SIZE_MAX);
  return size;
}

}  // namespace

XattrTable::XattrTable(const BlockStore& store) : store_(&store) {
  const Superblock& superblock = store.superblock();
  const std::uint64_t start = superblock.xattr_id_table_start;
  if (start == static_cast<std::uint64_t>(SQUASHFS_INVALID_BLK)) return;
  if (superblock.bytes_used - start < kHeadSize)
    throw_damaged(store.name(), "xattr table");
  std::array<std::byte, kHeadSize> head{};
  store.read(start, head);
  values_start_ = base::load_le<std::uint64_t>(head);
  count_ = base::load_le<std::uint32_t>(std::span(head).subspan(sizeof values_start_));
  if (values_start_ >= start) throw_damaged(store.name(), "xattr table");
  sets_.emplace(store, start + kHeadSize, count_, kSetSize, "xattr table");
}

std::vector<std::string> XattrTable::names(std::uint32_t index) const {
  std::vector<std::string> names;
  std::size_t size = 0;
  visit(index, [&](Attribute& attribute, MetadataCursor&) {
    size += attribute.name.size() + 1;
    if (size > XATTR_LIST_MAX) throw Failure(E2BIG);
    if (!attribute.name.empty()) names.push_back(std::move(attribute.name));
    return true;
  });
  return names;
}

std::optional<std::string> XattrTable::value(std::uint32_t index,
                                             std::string_view name) const {
  std::optional<std::string> value;
  visit(index, [&](const Attribute& attribute, MetadataCursor& in) {
    if (attribute.name != name) return true;
    value = read_value(in, attribute.elsewhere);
    return false;
  });
  return value;
}

void XattrTable::visit_all(
    std::uint32_t index,
    const std::function<bool(const std::string& name, std::string_view value)>& visit)
    const {
  if (empty()) return;
  std::size_t size = 0;
  this->visit(index, [&](const Attribute& attribute, const MetadataCursor& in) {
    size += attribute.name.size() + 1;
    if (size > XATTR_LIST_MAX) throw Failure(E2BIG);
    const std::string value = read_value(in, attribute.elsewhere);
    return attribute.name.empty() || visit(attribute.name, value);
  });
}

// The value at `in`, or the one that is pointed to there.
std::string XattrTable::read_value(MetadataCursor in, bool elsewhere) const {
  if (elsewhere) {
    require(in.take<std::uint32_t>() == sizeof(std::uint64_t));
    in = at(in.take<std::uint64_t>());
  }
  std::string value(read_value_size(in), '\0');
  in.read(std::as_writable_bytes(std::span(value)));
  return value;
}

// Passes the attributes of a set and the cursor at each one's value to `visit`, until
// it returns false.
template <typename Visit>
void XattrTable::visit(std::uint32_t index, Visit visit) const {
  if (index == SQUASHFS_INVALID_XATTR) return;
  Set set = this->set(index);
  for (MetadataCursor& in = set.first; set.count > 0; --set.count) {
    Attribute attribute = read_attribute(in);
    MetadataCursor value = in;
    if (!visit(attribute, value)) return;
    in.skip(read_value_size(in));
  }
}

XattrTable::Set XattrTable::set(std::uint32_t index) const {
  require(sets_.has_value());
  MetadataCursor in = sets_->entry(index);
  const auto reference = in.take<std::uint64_t>();
  const auto count = in.take<std::uint32_t>();
  in.skip(sizeof(std::uint32_t));  // its size, which the kernel reads with the others
  // Each takes a name of one byte at least, and the names together are limited.
  require(count <= XATTR_LIST_MAX);
  return {at(reference), count};
}

MetadataCursor XattrTable::at(std::uint64_t reference) const {
  const std::uint64_t block = reference >> 16;
  require(block < store_->superblock().bytes_used - values_start_);
  return {*store_, {values_start_ + block, reference & 0xffff}};
}

}  // namespace xar::image
