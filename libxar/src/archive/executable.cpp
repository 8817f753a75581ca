// SPDX-License-Identifier: BSD-2-Clause
// Whether what an archive executes can be executed, as far as that is known at build
// time: its user can do nothing about it any more.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/elf.hpp"

namespace xar::archive {
namespace {

namespace fs = std::filesystem;

// The bytes of a file's front that decide who executes it; an ELF program's interpreter
// is named in them too.
constexpr std::size_t kFrontSize = 4096;

// The inode at `path` once symlinks in the tree are followed, `links` at most; nullptr if
// one leads out of the tree or nowhere.
const tree::Inode* follow(const tree::Tree& tree, const fs::path& path, int links) {
  fs::path walked;
  for (auto part = path.begin(); part != path.end(); ++part) {
    walked /= *part;
    const tree::Inode* inode = tree.find(walked.native());
    if (inode == nullptr) return nullptr;
    if (inode->type != tree::Type::kSymlink) continue;
    if (links == 0 || inode->target.starts_with('/')) return nullptr;
    fs::path rest = walked.parent_path() / inode->target;
    while (++part != path.end()) rest /= *part;
    return follow(tree, rest.lexically_normal(), links - 1);
  }
  return tree.find(path.native());
}

std::string front_of(const tree::Inode& inode) {
  if (const auto* text = std::get_if<std::string>(&inode.content)) {
    return text->substr(0, kFrontSize);
  }
  std::string front(kFrontSize, '\0');
  const auto out = std::as_writable_bytes(std::span(front.data(), front.size()));
  if (const auto* part = std::get_if<tree::Part>(&inode.content)) {
    const std::size_t size = std::min<std::uint64_t>(part->size, front.size());
    front.resize(base::read_at(part->file->get(), part->offset, out.first(size),
                               "the temporary file"));
    return front;
  }
  const fs::path& path = std::get<tree::DiskFile>(inode.content).path;
  const base::Fd fd = base::open_file(path, O_RDONLY);
  front.resize(base::read_at(fd.get(), 0, out, path));
  return front;
}

// The interpreter in a "#!" line; empty without one.
std::string interpreter_of_script(std::string_view front) {
  if (!front.starts_with("#!")) return {};
  front = front.substr(2, front.find('\n') - 2);
  front.remove_prefix(std::min(front.find_first_not_of(" \t"), front.size()));
  return std::string(front.substr(0, front.find_first_of(" \t\r")));
}

std::string interpreter_of(std::string_view front) {
  const base::ByteView bytes = base::as_bytes(front);
  return elf::is_elf(bytes) ? elf::interpreter_in(bytes) : interpreter_of_script(front);
}

std::string missing_interpreter(const std::string& path, const std::string& interpreter) {
  if (interpreter.empty() || ::access(interpreter.c_str(), F_OK) == 0) return {};
  return base::printable(path + " needs " + interpreter +
                         ", which this machine does not have: the archive runs only "
                         "where it is installed");
}

}  // namespace

std::string check_executable(const tree::Tree& tree, const std::string& path,
                             Executor executor) {
  const tree::Inode* named = tree.find(path);
  if (named == nullptr) {
    throw base::Error(base::Errc::kNotFound, "cannot execute", path,
                      "there is no such file in the source");
  }
  constexpr int kMaxLinks = 40;  // as the kernel
  const tree::Inode* inode = follow(tree, path, kMaxLinks);
  if (inode == nullptr) {
    return base::printable(path + " is a symlink to " + named->target +
                           ", which is not in the archive");
  }
  if (inode->type != tree::Type::kRegular) {
    throw base::Error(base::Errc::kInvalid, "cannot execute", path,
                      "it is not a regular file: name a program or script");
  }
  const std::string front = front_of(*inode);
  if (executor == Executor::kLauncher && header::is_run_by_shell(front)) return {};
  constexpr std::uint16_t kExecutableBits = 0111;
  if ((inode->permissions & kExecutableBits) == 0) {
    throw base::Error(base::Errc::kInvalid, "cannot execute", path,
                      "it is not executable: chmod +x it");
  }
  return missing_interpreter(path, interpreter_of(front));
}

}  // namespace xar::archive
