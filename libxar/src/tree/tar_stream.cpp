// SPDX-License-Identifier: BSD-2-Clause
#include "tree/tar_stream.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "tree/acl.hpp"
#include "tree/xattrs.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"

namespace xar::tree {
namespace {

constexpr std::size_t kReadSize = 256 << 10;

Type type_of(archive_entry& entry) {
  switch (archive_entry_filetype(&entry)) {
    case AE_IFDIR:
      return Type::kDirectory;
    case AE_IFLNK:
      return Type::kSymlink;
    case AE_IFBLK:
      return Type::kBlockDevice;
    case AE_IFCHR:
      return Type::kCharDevice;
    case AE_IFIFO:
      return Type::kFifo;
    case AE_IFSOCK:
      return Type::kSocket;
    default:
      return Type::kRegular;
  }
}

AclTag tag_of(int libarchives) {
  switch (libarchives) {
    case ARCHIVE_ENTRY_ACL_USER:
      return AclTag::kUser;
    case ARCHIVE_ENTRY_ACL_GROUP_OBJ:
      return AclTag::kGroupOwner;
    case ARCHIVE_ENTRY_ACL_GROUP:
      return AclTag::kGroup;
    case ARCHIVE_ENTRY_ACL_MASK:
      return AclTag::kMask;
    case ARCHIVE_ENTRY_ACL_OTHER:
      return AclTag::kOther;
    default:
      return AclTag::kOwner;
  }
}

// The member's list as system.posix_acl_access would hold it. Empty where it has none.
std::string access_acl(archive_entry& entry) {
  if (archive_entry_acl_reset(&entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS) == 0) return {};
  std::vector<AclEntry> entries;
  int type = 0;
  int permissions = 0;
  int tag = 0;
  int id = 0;
  const char* name = nullptr;
  while (archive_entry_acl_next(&entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, &type,
                                &permissions, &tag, &id, &name) == ARCHIVE_OK) {
    entries.push_back({tag_of(tag), static_cast<std::uint16_t>(permissions & 7),
                       static_cast<std::uint32_t>(id)});
  }
  return acl_attribute(entries);
}

std::vector<Xattr> xattrs_of(archive_entry& entry) {
  std::vector<Xattr> found;
  archive_entry_xattr_reset(&entry);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (archive_entry_xattr_next(&entry, &name, &value, &size) == ARCHIVE_OK) {
    if (name == nullptr || !can_be_stored(name)) continue;
    // Of two with one name the last counts.
    std::erase_if(found, [name](const Xattr& xattr) { return xattr.name == name; });
    found.push_back({name, std::string(static_cast<const char*>(value), size)});
  }
  std::ranges::sort(found, {}, &Xattr::name);
  return found;
}

}  // namespace

// libarchive hands names out in the character set of the locale, and those in pax headers
// are in UTF-8: with another one they would be changed or lost.
class TarStream::Locale {
 public:
  Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = ::uselocale(utf8_);
  }
  ~Locale() {
    if (utf8_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }
  Locale(const Locale&) = delete;
  Locale& operator=(const Locale&) = delete;

 private:
  locale_t utf8_;
  locale_t before_ = nullptr;
};

TarStream::TarStream(int fd, std::filesystem::path name)
    : fd_(fd),
      name_(std::move(name)),
      locale_(std::make_unique<Locale>()),
      archive_(::archive_read_new(), ::archive_read_free) {
  archive* in = archive_.get();
  // None of those that run another program.
  ::archive_read_support_filter_gzip(in);
  ::archive_read_support_filter_bzip2(in);
  ::archive_read_support_filter_xz(in);
  ::archive_read_support_filter_lzma(in);
  ::archive_read_support_filter_zstd(in);
  ::archive_read_support_filter_lz4(in);
  ::archive_read_support_filter_compress(in);
  ::archive_read_support_format_tar(in);
  if (::archive_read_open_fd(in, fd_, kReadSize) != ARCHIVE_OK) fail();
}

TarStream::~TarStream() {
  archive_.reset();
}

std::optional<TarMember> TarStream::next(bool xattrs) {
  archive_entry* entry = nullptr;
  const int result = ::archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_EOF) return std::nullopt;
  if (result < ARCHIVE_WARN) fail();
  TarMember member;
  if (const char* path = ::archive_entry_pathname(entry)) member.path = path;
  if (member.path.empty()) {
    throw base::Error("cannot read", name_, "a name in it is empty, or not in UTF-8");
  }
  if (result == ARCHIVE_WARN) {
    const char* text = ::archive_error_string(archive_.get());
    const std::string_view warning = text == nullptr ? "damaged" : text;
    // Names that are not in UTF-8 stay as they are; those of owners are not wanted.
    if (warning.find("can't be converted") == warning.npos) member.warning = warning;
  }
  fill(member, *entry, xattrs);
  return member;
}

void TarStream::fill(TarMember& member, archive_entry& entry, bool xattrs) const {
  if (const char* linked = ::archive_entry_hardlink(&entry)) member.linked = linked;
  member.inode = std::make_shared<Inode>();
  Inode& inode = *member.inode;
  inode.type = type_of(entry);
  inode.permissions = static_cast<std::uint16_t>(::archive_entry_perm(&entry) & 07777);
  const la_int64_t uid = ::archive_entry_uid(&entry);
  const la_int64_t gid = ::archive_entry_gid(&entry);
  if (uid < 0 || uid > UINT32_MAX || gid < 0 || gid > UINT32_MAX) {
    throw base::Error("cannot pack", member.path,
                      "its owner has a number that no system knows");
  }
  inode.uid = static_cast<std::uint32_t>(uid);
  inode.gid = static_cast<std::uint32_t>(gid);
  inode.mtime = ::archive_entry_mtime(&entry);
  const la_int64_t size = ::archive_entry_size(&entry);
  if (size > 0) member.size = static_cast<std::uint64_t>(size);
  if (inode.type == Type::kSymlink) {
    inode.permissions = 0777;
    if (const char* target = ::archive_entry_symlink(&entry)) inode.target = target;
    return;
  }
  if (inode.type == Type::kBlockDevice || inode.type == Type::kCharDevice) {
    inode.device = ::archive_entry_rdev(&entry);
  }
  member.has_acl = ::archive_entry_acl_types(&entry) != 0;
  const std::string acl = access_acl(entry);
  if (!acl.empty()) inode.permissions = permissions_without_acl(inode.permissions, acl);
  if (xattrs) inode.xattrs = xattrs_of(entry);
}

void TarStream::read_content(
    std::uint64_t size,
    const std::function<void(std::uint64_t offset, std::span<const std::byte> bytes)>&
        write) {
  for (;;) {
    const void* bytes = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    const int result = ::archive_read_data_block(archive_.get(), &bytes, &count, &offset);
    if (result == ARCHIVE_EOF) return;
    if (result < ARCHIVE_WARN) fail();
    const auto at = static_cast<std::uint64_t>(offset);
    if (offset < 0 || at > size || count > size - at) {
      throw base::Error("cannot read", name_, "a file in it is longer than it says");
    }
    if (count > 0) write(at, {static_cast<const std::byte*>(bytes), count});
  }
}

void TarStream::drain(const std::function<void()>& meanwhile) const {
  std::array<char, 65536> ignored{};
  for (;;) {
    if (meanwhile) meanwhile();
    const ssize_t size = ::read(fd_, ignored.data(), ignored.size());
    if (size == 0 || (size < 0 && errno != EINTR)) return;
  }
}

void TarStream::fail() const {
  const char* text = ::archive_error_string(archive_.get());
  throw base::Error(
      "cannot read", name_,
      std::string("not a sound tar file: ") + (text == nullptr ? "it is empty" : text));
}

}  // namespace xar::tree
