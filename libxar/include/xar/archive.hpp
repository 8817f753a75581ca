// SPDX-License-Identifier: BSD-2-Clause
// The finished file: header, padding and image in one, or with a launcher in front of
// them, which appears complete or not at all.
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

// A program that starts the archive that stands behind it.
struct Launcher {
  std::string program;      // the ELF program's bytes, up to where its archive begins
  bool is_dynamic = false;  // it runs only where its shared libraries are
};

// The launcher in the file at `path`: an xarexec, of any machine. An archive that it
// already carries is left away. Throws base::Error if it is not such a program,
// base::SystemError if it cannot be read.
Launcher read_launcher(const std::filesystem::path& path);

// How a program starts that was not written for XAR: with the user's arguments alone,
// without the archive's path in front of them.
//
// In `arguments` and in the values of `environment`, "{root}" stands for the directory
// where the archive's files are, and "{env:NAME}" for the caller's variable NAME, or
// nothing where that is not set.
struct Program {
  std::string path;                    // of the program, relative to the tree's root
  std::vector<std::string> arguments;  // before the user's
  std::vector<std::pair<std::string, std::string>> environment;  // names and values
  // The name by which the archive is called chooses among the programs in the directory
  // of `path`; `path` starts where none there has that name.
  bool choose_by_name = false;
};

// Adds a shell script to `tree` that starts `program`, and returns the script's path,
// which is for header::Header::target. Launchers of every version run it. Throws
// base::Error for a variable whose name a shell cannot set, or if the path is taken.
std::string add_start_script(tree::Tree& tree, const Program& program);

// What executes a file of a tree.
enum class Executor {
  kLauncher,  // which runs some files by the shell, see header::is_run_by_shell()
  kKernel,
};

// Tells whether the file at `path`, relative to the tree's root, can be executed. A
// symlink is followed inside the tree. Throws base::Error if there is no such file, it is
// no regular file, its mode does not allow it or it cannot be read. Returns a sentence
// if the interpreter that it names is neither in the tree nor on this machine, else an
// empty string: the machine that runs the archive may have it.
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

// What has been written.
struct Summary {
  squashfs::Summary image;
  std::uint64_t file_bytes = 0;  // size of the whole file
};

// Writes `tree` behind `header` to `output`, replacing what stands there once all
// is done; in front is the launcher's program, if there is one: a standalone archive.
// Of `header` it fills in position, offset, uuid and image_sha256; the caller gives
// the rest. The file's mode is 0755 with a target or a launcher and 0644 without, less
// `umask`. Throws base::Error if the tree does not hold the target or a value cannot
// stand in a header, and as squashfs::write_image does; then `output` is as it
// was and nothing else is left.
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
