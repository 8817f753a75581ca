// SPDX-License-Identifier: BSD-2-Clause
#include "xar/image.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <new>
#include <utility>

#include "image/directory.hpp"
#include "image/failure.hpp"
#include "image/file_content.hpp"
#include "image/inode.hpp"
#include "image/listing_cache.hpp"
#include "image/lookup_table.hpp"
#include "image/table_check.hpp"
#include "image/xattr_table.hpp"
#include "xar/base/error.hpp"
#include "xar/image/serving.hpp"

namespace xar::image {
namespace {

// A listing's positions: two for "." and "..", then bytes of the stored listing.
constexpr std::uint64_t kFirstListed = 2;

// What stat(2) counts blocks in.
constexpr std::uint64_t kBlockUnit = 512;

// Runs `body` and turns what it throws into the errno value for it.
template <typename Body>
int guarded(Body body) noexcept {
  try {
    body();
    return 0;
  } catch (const Failure& failure) {
    return failure.number();
  } catch (const base::SystemError& error) {
    return error.number();
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (...) {
    return EIO;
  }
}

}  // namespace

// Everything in it is safe to use from several threads: the blocks' caches have
// their locks, and what is parsed is each caller's own.
class Image::State {
 public:
  State(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
        std::size_t cache_size)
      : store(std::move(fd), offset, std::move(name), cache_size),
        ids(store, store.superblock().id_table_start, store.superblock().ids,
            sizeof(std::uint32_t), "id table"),
        content(store),
        xattrs(store) {}

  [[nodiscard]] std::uint32_t id(std::uint16_t index) const {
    return ids.entry(index).take<std::uint32_t>();
  }

  DirectoryReader reader_at(InodeReference directory, const Inode& inode,
                            std::uint64_t position);
  void list(InodeReference directory, std::uint64_t from,
            const std::function<bool(const Entry&)>& visit);

  BlockStore store;
  LookupTable ids;
  FileContent content;
  XattrTable xattrs;
  ListingCache listings;
};

// A reader of the directory's listing, at the first entry at or behind `position`.
DirectoryReader Image::State::reader_at(InodeReference directory, const Inode& inode,
                                        std::uint64_t position) {
  if (auto known = listings.take(directory, position)) return *std::move(known);
  DirectoryReader reader(store, inode);
  reader.approach(position);
  Entry passed;
  while (reader.position() < position && reader.next(passed)) {
  }
  return reader;
}

void Image::State::list(InodeReference directory, std::uint64_t from,
                        const std::function<bool(const Entry&)>& visit) {
  const Inode inode = read_inode(store, directory);
  if (!S_ISDIR(inode.mode)) throw Failure(ENOTDIR);
  // The image may be mounted anywhere: its root's parent is not in it.
  const bool is_root = directory == store.superblock().root_inode;
  const std::uint32_t parent = is_root ? inode.number : inode.directory.parent;
  if (from < 1 && !visit({".", directory, inode.number, S_IFDIR, 1})) return;
  if (from < 2 && !visit({"..", kNoReference, parent, S_IFDIR, kFirstListed})) return;

  const std::uint64_t position = from < kFirstListed ? 0 : from - kFirstListed;
  DirectoryReader reader = reader_at(directory, inode, position);
  DirectoryReader before = reader;
  for (Entry entry; reader.next(entry); before = reader) {
    entry.next = kFirstListed + reader.position();
    if (!visit(entry)) break;
  }
  listings.keep(directory, before);
}

Image::Image(std::unique_ptr<State> state) : state_(std::move(state)) {}
Image::Image(Image&&) noexcept = default;
Image& Image::operator=(Image&&) noexcept = default;
Image::~Image() = default;

Image Image::open(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
                  std::size_t cache_size) {
  Image image(
      std::make_unique<State>(std::move(fd), offset, std::move(name), cache_size));
  // A damaged image had better be refused before anybody mounts it.
  struct stat status {};
  const int error = image.attributes(image.root(), status);
  if (error != 0 || !S_ISDIR(status.st_mode)) {
    throw_damaged(image.state_->store.name(), "root directory");
  }
  return image;
}

InodeReference Image::root() const {
  return state_->store.superblock().root_inode;
}

const std::filesystem::path& Image::name() const {
  return state_->store.name();
}

std::uint32_t Image::created() const {
  return state_->store.superblock().mkfs_time;
}

std::uint64_t Image::bytes_used() const {
  return state_->store.superblock().bytes_used;
}

std::uint32_t Image::block_size() const {
  return state_->store.superblock().block_size;
}

std::string_view Image::compression() const {
  return compression_name(state_->store.superblock().compression);
}

std::uint32_t Image::inode_count() const {
  return state_->store.superblock().inodes;
}

int Image::listing_capacity(std::uint64_t& out) const {
  return guarded([&] {
    const Superblock& superblock = state_->store.superblock();
    out = metadata_capacity(state_->store, superblock.directory_table_start,
                            end_of_directory_table(superblock));
  });
}

int Image::attributes(InodeReference inode, struct stat& out) const {
  return guarded([&] {
    const Inode read = read_inode(state_->store, inode);
    out = {};
    out.st_ino = read.number;
    out.st_mode = read.mode;
    out.st_nlink = read.links;
    out.st_uid = state_->id(read.uid_index);
    out.st_gid = state_->id(read.gid_index);
    out.st_rdev = read.device;
    out.st_size = static_cast<off_t>(read.size);
    out.st_blksize = static_cast<blksize_t>(state_->store.superblock().block_size);
    if (S_ISREG(read.mode)) {
      out.st_blocks = static_cast<blkcnt_t>(
          (read.size - read.file.sparse + kBlockUnit - 1) / kBlockUnit);
    }
    out.st_atim.tv_sec = out.st_mtim.tv_sec = out.st_ctim.tv_sec = read.mtime;
  });
}

int Serving::fragment(InodeReference inode, std::optional<std::uint32_t>& out) const {
  out.reset();
  return guarded([&] {
    const Inode read = read_inode(state_.store, inode);
    const bool small =
        S_ISREG(read.mode) && read.size < state_.store.superblock().block_size;
    if (small && read.file.fragment != SQUASHFS_INVALID_FRAG) out = read.file.fragment;
  });
}

// What fails here fails again when it is wanted, and is told then.
void Serving::prefetch_fragment(std::uint32_t fragment) const {
  static_cast<void>(guarded([&] { state_.content.prefetch_fragment(fragment); }));
}

int Image::lookup(InodeReference directory, std::string_view name,
                  std::optional<Entry>& out) const {
  out.reset();
  return guarded([&] {
    const Inode inode = read_inode(state_->store, directory);
    Entry entry;
    if (find_entry(state_->store, inode, name, entry)) out = std::move(entry);
  });
}

int Image::list(InodeReference directory, std::uint64_t from,
                const std::function<bool(const Entry&)>& visit) const {
  return guarded([&] { state_->list(directory, from, visit); });
}

int Image::check_index(InodeReference directory) const {
  return guarded(
      [&] { image::check_index(state_->store, read_inode(state_->store, directory)); });
}

int Image::check_tables() const {
  return guarded([&] { image::check_tables(state_->store); });
}

int Image::hole(InodeReference file, std::uint64_t offset, std::uint64_t limit,
                std::uint64_t& out) const {
  out = 0;
  return guarded([&] {
    const Inode inode = read_inode(state_->store, file);
    if (!S_ISREG(inode.mode)) throw Failure(EINVAL);
    out = state_->content.hole(file, inode, offset, limit);
  });
}

int Serving::pieces(InodeReference file, std::uint64_t offset, std::size_t size,
                    std::vector<Piece>& out) const {
  out.clear();
  return guarded([&] {
    const Inode inode = read_inode(state_.store, file);
    if (S_ISDIR(inode.mode)) throw Failure(EISDIR);
    if (!S_ISREG(inode.mode)) throw Failure(EINVAL);
    out = state_.content.pieces(file, inode, offset, size);
  });
}

int Image::read(InodeReference file, std::uint64_t offset, std::span<std::byte> out,
                std::size_t& got) const {
  got = 0;
  std::vector<Piece> found;
  if (const int error = Serving(*this).pieces(file, offset, out.size(), found))
    return error;
  for (const Piece& piece : found) {
    std::copy(piece.bytes.begin(), piece.bytes.end(), out.subspan(got).begin());
    got += piece.bytes.size();
  }
  return 0;
}

void Serving::read_ahead() const {
  state_.store.read_ahead();
}

void Serving::before_decompressing(std::function<void()> call) const {
  state_.store.before_working(std::move(call));
}

void Serving::compare_content(
    std::function<bool(int fd, std::uint64_t offset, std::uint64_t size)> same) const {
  const BlockStore& store = state_.store;
  state_.store.compare_content([&store, same = std::move(same)] {
    try {
      return same(store.fd(), store.offset(), store.file_size() - store.offset());
    } catch (const base::Error&) {
      return false;
    }
  });
}

bool Serving::is_overwritten() const {
  return state_.store.is_overwritten();
}

int Image::read_link(InodeReference link, std::string& out) const {
  return guarded([&] {
    Inode inode = read_inode(state_->store, link);
    if (!S_ISLNK(inode.mode)) throw Failure(EINVAL);
    out.resize(static_cast<std::size_t>(inode.size));
    inode.rest.read(std::as_writable_bytes(std::span(out.data(), out.size())));
    require(out.find('\0') == out.npos);
  });
}

void Serving::drop_caches() const {
  state_.store.drop_caches();
  state_.listings.clear();
}

bool Image::has_xattrs() const {
  return !state_->xattrs.empty();
}

int Image::xattr_names(InodeReference inode, std::vector<std::string>& out) const {
  out.clear();
  return guarded(
      [&] { out = state_->xattrs.names(read_inode(state_->store, inode).xattr); });
}

int Image::xattr_value(InodeReference inode, std::string_view name,
                       std::optional<std::string>& out) const {
  out.reset();
  return guarded(
      [&] { out = state_->xattrs.value(read_inode(state_->store, inode).xattr, name); });
}

int Image::xattr_set(InodeReference inode, std::optional<std::uint32_t>& out) const {
  out.reset();
  return guarded([&] {
    const std::uint32_t index = read_inode(state_->store, inode).xattr;
    if (index != SQUASHFS_INVALID_XATTR && has_xattrs()) out = index;
  });
}

int Image::xattrs(InodeReference inode,
                  const std::function<bool(const std::string& name,
                                           std::string_view value)>& visit) const {
  return guarded(
      [&] { state_->xattrs.visit_all(read_inode(state_->store, inode).xattr, visit); });
}

struct statvfs Image::statistics() const {
  const Superblock& superblock = state_->store.superblock();
  struct statvfs out {};
  out.f_bsize = out.f_frsize = superblock.block_size;
  out.f_blocks = (superblock.bytes_used - 1) / superblock.block_size + 1;
  out.f_files = superblock.inodes;
  out.f_flag = ST_RDONLY;
  out.f_namemax = SQUASHFS_NAME_LEN;
  return out;
}

}  // namespace xar::image
