// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "xar/base/bytes.hpp"
#include "xar/digest.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

// An order in which a directory's content follows it at once, as in a walk.
bool comes_before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto rank = [](char c) {
          return c == '/' ? 0 : static_cast<unsigned char>(c) + 1;
        };
        return rank(x) < rank(y);
      });
}

// What stands at one path; null where one image has nothing.
struct Pair {
  const Node* before = nullptr;
  const Node* after = nullptr;
};

// Goes through two images at once, path by path.
class PairWalk {
 public:
  PairWalk(const image::Image& before, const image::Image& after)
      : before_(before, find(before, "", false)), after_(after, find(after, "", false)) {
    pair_ = {before_.next(), after_.next()};
  }

  // The next pair; both of it null at the end. Valid until the next call.
  Pair next() {
    if (passed_.before != nullptr) pair_.before = before_.next();
    if (passed_.after != nullptr) pair_.after = after_.next();
    passed_ = pair_;
    if (pair_.before == nullptr || pair_.after == nullptr) return passed_;
    if (comes_before(pair_.before->path, pair_.after->path)) passed_.after = nullptr;
    if (comes_before(pair_.after->path, pair_.before->path)) passed_.before = nullptr;
    return passed_;
  }

 private:
  Walk before_;
  Walk after_;
  Pair pair_;    // the first of either that has not been passed
  Pair passed_;  // what next() has returned
};

// How many bytes have to be read of each image to tell whether the content is the same.
std::uint64_t to_compare(const Pair& pair) {
  if (pair.before == nullptr || pair.after == nullptr) return 0;
  const struct stat& x = pair.before->status;
  const struct stat& y = pair.after->status;
  const bool alike = S_ISREG(x.st_mode) && S_ISREG(y.st_mode) && x.st_size == y.st_size;
  return alike ? static_cast<std::uint64_t>(x.st_size) : 0;
}

class Comparison {
 public:
  Comparison(const image::Image& before, const image::Image& after, bool times,
             const std::function<void(const Progress&)>& on_progress)
      : before_(before), after_(after), times_(times), on_progress_(on_progress) {}

  void run(const std::function<void(const Difference&)>& visit) {
    if (on_progress_) add_up();
    PairWalk pairs(before_, after_);
    std::uint64_t done = 0;
    for (Pair pair = pairs.next(); pair.before != nullptr || pair.after != nullptr;
         pair = pairs.next()) {
      if (on_progress_) on_progress_(progress_);
      Difference difference{pair.before, pair.after, {}};
      const bool both = pair.before != nullptr && pair.after != nullptr;
      const bool same_links = note_links(pair);
      if (both) difference.aspects = aspects(*pair.before, *pair.after, same_links);
      if (!both || !difference.aspects.empty()) visit(difference);
      // Also of content that was found to differ before its end.
      done += to_compare(pair);
      progress_.done = done;
    }
  }

 private:
  void add_up() {
    PairWalk pairs(before_, after_);
    std::uint64_t total = 0;  // known once all are counted
    for (Pair pair = pairs.next(); pair.before != nullptr || pair.after != nullptr;
         pair = pairs.next()) {
      on_progress_(progress_);
      total += to_compare(pair);
    }
    progress_.total = total;
  }

  // Which pair had the file's first name, counted from 1; 0 where it has one name only.
  using FirstNames = std::unordered_map<image::InodeReference, std::uint64_t>;
  [[nodiscard]] std::uint64_t first_name(const Node* node, FirstNames& known) const {
    if (node == nullptr || S_ISDIR(node->status.st_mode)) return 0;
    if (node->status.st_nlink < 2) return 0;
    return known.try_emplace(node->entry.inode, pairs_).first->second;
  }

  // Whether the two are further names of the same file, or both of none.
  bool note_links(const Pair& pair) {
    ++pairs_;
    return first_name(pair.before, links_before_) == first_name(pair.after, links_after_);
  }

  [[nodiscard]] std::vector<std::string_view> aspects(const Node& a, const Node& b,
                                                      bool same_links) {
    const struct stat& x = a.status;
    const struct stat& y = b.status;
    if ((x.st_mode & S_IFMT) != (y.st_mode & S_IFMT)) return {"type"};
    std::vector<std::string_view> found;
    const auto note = [&found](bool differs, std::string_view aspect) {
      if (differs) found.push_back(aspect);
    };
    note(S_ISREG(x.st_mode) && !same_content(a, b), "content");
    note(S_ISLNK(x.st_mode) && read_link(before_, a) != read_link(after_, b), "target");
    note(x.st_rdev != y.st_rdev, "device");
    note(x.st_mode != y.st_mode, "permissions");
    note(x.st_uid != y.st_uid || x.st_gid != y.st_gid, "owner");
    note(!same_xattrs(a, b), "attributes");
    note(!same_links, "links");
    note(times_ && x.st_mtim.tv_sec != y.st_mtim.tv_sec, "time");
    return found;
  }

  bool same_content(const Node& a, const Node& b) {
    if (a.status.st_size != b.status.st_size) return false;
    const auto size = static_cast<std::uint64_t>(a.status.st_size);
    for (std::uint64_t at = 0; at < size;) {
      if (on_progress_) on_progress_(progress_);
      const std::uint64_t hole =
          std::min(hole_in(before_, a, at, size), hole_in(after_, b, at, size));
      at += hole;
      progress_.done += hole;
      if (hole > 0) continue;
      if (!std::ranges::equal(read(before_, a, at, left_), read(after_, b, at, right_)))
        return false;
      at += kBuffer;
      progress_.done += kBuffer;
    }
    return true;
  }

  static std::uint64_t hole_in(const image::Image& image, const Node& node,
                               std::uint64_t offset, std::uint64_t size) {
    if (size <= kBuffer) return 0;
    std::uint64_t hole = 0;
    const int error = image.hole(node.entry.inode, offset, size - offset, hole);
    if (error != 0) throw_unreadable(image, node.path, error);
    return hole;
  }

  // Names and the digests of values, sorted. Empty without a set.
  using Xattrs = std::vector<std::pair<std::string, digest::Sha256>>;
  static Xattrs xattrs_of(const image::Image& image, const Node& node) {
    Xattrs xattrs;
    const auto add = [&](const std::string& name, std::string_view value) {
      xattrs.emplace_back(name, digest::sha256(base::as_bytes(value)));
      return true;
    };
    const int error = image.xattrs(node.entry.inode, add);
    if (error != 0) {
      throw_damaged(image, node.path, "has extended attributes that cannot be read");
    }
    std::ranges::sort(xattrs);
    return xattrs;
  }

  // The number of the node's set behind 1, or 0.
  static std::uint64_t set_of(const image::Image& image, const Node& node) {
    std::optional<std::uint32_t> set;
    const int error = image.xattr_set(node.entry.inode, set);
    if (error != 0) throw_unreadable(image, node.path, error);
    return set ? std::uint64_t{*set} + 1 : 0;
  }

  // Files that share a set are compared once.
  bool same_xattrs(const Node& a, const Node& b) {
    if (!before_.has_xattrs() && !after_.has_xattrs()) return true;
    const auto sets = std::pair(set_of(before_, a), set_of(after_, b));
    if (sets.first == 0 && sets.second == 0) return true;
    const auto known = compared_sets_.find(sets);
    if (known != compared_sets_.end()) return known->second;
    const bool same = xattrs_of(before_, a) == xattrs_of(after_, b);
    compared_sets_.emplace(sets, same);
    return same;
  }

  static base::ByteView read(const image::Image& image, const Node& node,
                             std::uint64_t offset, base::Bytes& buffer) {
    buffer.resize(kBuffer);
    std::size_t got = 0;
    const int error = image.read(node.entry.inode, offset, buffer, got);
    if (error != 0) throw_unreadable(image, node.path, error);
    return base::ByteView(buffer).first(got);
  }

  const image::Image& before_;
  const image::Image& after_;
  const bool times_;
  const std::function<void(const Progress&)>& on_progress_;
  Progress progress_;
  std::uint64_t pairs_ = 0;
  FirstNames links_before_;
  FirstNames links_after_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, bool> compared_sets_;
  base::Bytes left_;
  base::Bytes right_;
};

}  // namespace

void compare(const image::Image& before, const image::Image& after, bool times,
             const std::function<void(const Difference&)>& visit,
             const std::function<void(const Progress&)>& on_progress) {
  Comparison(before, after, times, on_progress).run(visit);
}

}  // namespace xar::inspect
