// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

// As many as the kernel follows in one path.
constexpr unsigned kMaxLinks = 40;

// Resolves one path as the kernel would below the image's root, which no path leaves.
class Search {
 public:
  Search(const image::Image& image, std::string_view path) : image_(image), path_(path) {
    push_words(path);
  }

  Node run(bool follow) {
    Node root;
    root.entry = {"", image_.root(), 0, S_IFDIR, 0};
    examine(root);
    way_.push_back(std::move(root));
    while (!words_.empty()) {
      const std::string word = std::move(words_.back());
      words_.pop_back();
      if (word == "..") {
        step_up();
      } else {
        step_down(word, follow || !words_.empty());
      }
    }
    return std::move(way_.back());
  }

 private:
  [[nodiscard]] std::string no_path() const {
    return "no '" + std::string(path_) + "' in";
  }

  [[noreturn]] void reject(std::string_view reason) const {
    throw base::Error(base::Errc::kNotFound, no_path(), image_.name(), reason);
  }

  void push_words(std::string_view path) {
    std::vector<std::string> words;
    while (!path.empty()) {
      const std::size_t end = std::min(path.find('/'), path.size());
      const std::string_view word = path.substr(0, end);
      if (!word.empty() && word != ".") words.emplace_back(word);
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    std::move(words.rbegin(), words.rend(), std::back_inserter(words_));
  }

  void examine(Node& node) const {
    const int error = image_.attributes(node.entry.inode, node.status);
    if (error != 0) throw_unreadable(image_, node.path, error);
    node.entry.number = static_cast<std::uint32_t>(node.status.st_ino);
  }

  void step_up() {
    if (way_.size() == 1) reject("it leads out of the archive");
    way_.pop_back();
  }

  void step_down(const std::string& word, bool follow) {
    const Node& directory = way_.back();
    if (!S_ISDIR(directory.status.st_mode)) {
      reject("'" + directory.path + "' is not a directory");
    }
    std::optional<image::Entry> found;
    const int error = image_.lookup(directory.entry.inode, word, found);
    if (error != 0) throw_unreadable(image_, directory.path, error);
    if (!found) throw base::Error(base::Errc::kNoSuchPath, no_path(), image_.name());
    Node node;
    node.path = directory.path.empty() ? word : directory.path + "/" + word;
    node.entry = *std::move(found);
    examine(node);
    if (S_ISLNK(node.status.st_mode) && follow) return step_through(node);
    way_.push_back(std::move(node));
  }

  void step_through(const Node& link) {
    if (++links_ > kMaxLinks) reject("too many symlinks");
    const std::string target = read_link(image_, link);
    if (target.starts_with('/')) {
      reject("the symlink '" + link.path + "' leads out of the archive, to " + target);
    }
    push_words(target);
  }

  const image::Image& image_;
  std::string_view path_;
  std::vector<std::string> words_;  // still to go, the last one first
  std::vector<Node> way_;           // from the root to where the search stands
  unsigned links_ = 0;
};

}  // namespace

Node find(const image::Image& image, std::string_view path, bool follow) {
  // A slash at the end asks for a directory, also behind a symlink.
  return Search(image, path).run(follow || path.ends_with('/'));
}

std::string read_link(const image::Image& image, const Node& link) {
  std::string target;
  const int error = image.read_link(link.entry.inode, target);
  if (error != 0) throw_unreadable(image, link.path, error);
  return target;
}

}  // namespace xar::inspect
