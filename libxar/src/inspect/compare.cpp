// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "inspect/fault.hpp"
#include "xar/base/bytes.hpp"
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

std::vector<Node> nodes_of(const image::Image& image) {
  std::vector<Node> nodes;
  walk(image, find(image, "", false), [&](const Node& node) { nodes.push_back(node); });
  return nodes;
}

// What stands at one path; null where one image has nothing.
struct Pair {
  const Node* before = nullptr;
  const Node* after = nullptr;
};

std::vector<Pair> pairs_of(const std::vector<Node>& left,
                           const std::vector<Node>& right) {
  std::vector<Pair> pairs;
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    if (b == right.end() || (a != left.end() && comes_before(a->path, b->path))) {
      pairs.push_back({&*a++, nullptr});
    } else if (a == left.end() || comes_before(b->path, a->path)) {
      pairs.push_back({nullptr, &*b++});
    } else {
      pairs.push_back({&*a++, &*b++});
    }
  }
  return pairs;
}

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
    const std::vector<Node> left = nodes_of(before_);
    const std::vector<Node> right = nodes_of(after_);
    const std::vector<Pair> pairs = pairs_of(left, right);
    for (const Pair& pair : pairs) progress_.total += to_compare(pair);
    std::uint64_t done = 0;
    for (const Pair& pair : pairs) {
      Difference difference{pair.before, pair.after, {}};
      const bool both = pair.before != nullptr && pair.after != nullptr;
      if (both) difference.aspects = aspects(*pair.before, *pair.after);
      if (!both || !difference.aspects.empty()) visit(difference);
      // Also of content that was found to differ before its end.
      done += to_compare(pair);
      progress_.done = done;
    }
  }

 private:
  [[nodiscard]] std::vector<std::string_view> aspects(const Node& a, const Node& b) {
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
    note(times_ && x.st_mtim.tv_sec != y.st_mtim.tv_sec, "time");
    return found;
  }

  bool same_content(const Node& a, const Node& b) {
    if (a.status.st_size != b.status.st_size) return false;
    const auto size = static_cast<std::uint64_t>(a.status.st_size);
    for (std::uint64_t at = 0; at < size; at += kBuffer) {
      if (on_progress_) on_progress_(progress_);
      if (!std::ranges::equal(read(before_, a, at, left_), read(after_, b, at, right_)))
        return false;
      progress_.done += kBuffer;
    }
    return true;
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
