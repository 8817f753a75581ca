// SPDX-License-Identifier: BSD-2-Clause
// Writes whole archives: header and image in one file, or with a launcher in front of
// them. The file appears complete or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "xar/header.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::archive {

// A program that starts the archive behind it in the same file.
struct Launcher {
  std::string program;      // the bytes of the ELF program
  bool is_dynamic = false;  // it needs shared libraries
};

// Reads the launcher in the file `path`: an xarexec for any machine. Ignores an archive
// behind it. Throws base::Error if the file is no such program, and base::SystemError if
// it cannot be read.
Launcher read_launcher(const std::filesystem::path& path);

// How to start a program that was not written for XAR, with the user's arguments and
// without the archive's path in front of them.
//
// In `arguments` and in the values of `environment`, "{root}" stands for the directory
// with the archive's files, and "{env:NAME}" for the caller's variable NAME, or for
// nothing if it is not set.
struct Program {
  std::string path;                    // of the program, relative to the tree's root
  std::vector<std::string> arguments;  // before the user's
  std::vector<std::pair<std::string, std::string>> environment;  // names and values
  // Starts the program in the directory of `path` that has the name by which the archive
  // was called, and `path` if there is none.
  bool choose_by_name = false;
};

// Adds a shell script to `tree` that starts `program`, and returns the script's path for
// header::Header::target. Launchers of every version run it. Throws base::Error for a
// variable name that a shell cannot set, or if the script's path exists.
std::string add_start_script(tree::Tree& tree, const Program& program);

// Who executes a file of a tree.
enum class Executor {
  kLauncher,  // which runs some files by the shell, see header::is_run_by_shell()
  kKernel,
};

// Checks that the file at `path`, relative to the tree's root, can be executed. Follows
// symlinks inside the tree. Throws base::Error if there is no such file, if it is no
// regular file, if its mode does not allow execution, or if it cannot be read. Returns a
// sentence for a warning if its interpreter is neither in the tree nor on this machine,
// because the target machine may have it; otherwise an empty string.
std::string check_executable(const tree::Tree& tree, const std::string& path,
                             Executor executor);

// Who owns the files of an archive.
struct Owner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

// What makes an archive independent of who builds it, where and when.
struct Reproducibility {
  // Owns all files. Empty: the owners stay.
  std::optional<Owner> owner = Owner{};
  // The latest time of a file, and the archive's time, in seconds since 1970. Empty:
  // times stay, and the newest is the archive's.
  std::optional<std::int64_t> source_date_epoch;
};

struct Normalised {
  std::int64_t time = 0;  // the archive's, in seconds since 1970, from 0 to UINT32_MAX
  tree::Tree::Clamped clamped;  // times that an image cannot hold
};

// Sets owners and times in `tree`, those that an image cannot hold included.
Normalised normalise(tree::Tree& tree, const Reproducibility& wanted);

// What was written.
struct Summary {
  squashfs::Summary image;
  std::uint64_t file_bytes = 0;  // size of the whole file
};

// Writes `header` and `tree` to `output`, with the launcher's program in front if there
// is one. Replaces an existing `output` in one step, when everything is written. Sets
// position, offset, uuid and image_sha256 of `header`; the caller sets the rest. The
// file's mode is 0755 with a target or a launcher, otherwise 0644, without the bits of
// `umask`. Throws base::Error if the tree does not contain the target, or if a value
// cannot be in a header, and as squashfs::write_image(). If it throws, `output` is
// unchanged and nothing is left.
Summary write(const std::filesystem::path& output, header::Header header,
              const tree::Tree& tree, const squashfs::Options& options, mode_t umask,
              const std::optional<Launcher>& launcher = std::nullopt);

// An archive to build from a directory.
struct Build {
  std::filesystem::path source;  // the directory
  // What a launch executes: a path relative to `source`. Empty: nothing; the archive can
  // be mounted.
  std::string target;
  std::filesystem::path output;
  std::vector<std::string> excluded = {};  // patterns, as tree::ScanOptions::excluded
  Reproducibility reproducibility = {};
  squashfs::Options image = {};
  std::optional<Launcher> launcher = std::nullopt;
};

// Writes the archive `what.output`, replacing what stands there once all is done. Equal
// sources give equal bytes, whatever the directory, the user, and the number of threads;
// `xarbuild dir` with default options writes the same. Throws base::Error if the target
// cannot be executed or the source cannot be read, and as write() does.
Summary build(const Build& what);

}  // namespace xar::archive
