// SPDX-License-Identifier: BSD-2-Clause
// xarbuild's command line and the environment variable that it obeys.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "xar/archive.hpp"
#include "xar/python.hpp"
#include "xar/squashfs.hpp"

namespace xar::xarbuild {

// What an archive of files executes.
struct Start {
  std::optional<std::string> executed;      // --exec, relative to the source
  std::optional<archive::Program> program;  // --run and what belongs to it
};

// What `xarbuild dir` packs.
struct Directory {
  std::filesystem::path source;
  Start start;
  bool one_file_system = false;
};

// What `xarbuild tar` packs.
struct TarFile {
  std::filesystem::path source;  // "-": standard input
  Start start;
};

struct Options {
  // "-": standard output. Empty: none was named, with --dry-run.
  std::filesystem::path output;
  std::variant<Directory, TarFile, python::Application> input;

  std::vector<std::string> excluded;  // --exclude and the lines of --exclude-from
  bool xattrs = true;
  // Owns everything in the archive. Empty: owners are kept.
  std::optional<archive::Owner> owner = archive::Owner{};

  int zstd_level = 15;
  std::uint64_t block_size = 128 * 1024;  // bytes
  unsigned threads = 0;                   // 0: one a core
  std::optional<std::string> mount_root;
  std::string launcher = "/usr/bin/env xarexec_fuse";
  squashfs::Priorities priorities;      // --sort
  std::filesystem::path cache_folder;   // empty: no cache
  std::uint64_t cache_limit = 1 << 30;  // bytes
  bool standalone = false;
  std::optional<std::filesystem::path> program;  // --launcher, for a standalone archive
  bool quiet = false;
  bool json = false;
  bool force = false;
  bool dry_run = false;
  bool verbose = false;
  std::optional<std::int64_t> source_date_epoch;  // seconds since 1970
};

// Reads the command line and SOURCE_DATE_EPOCH. Empty if help or version was
// asked for and has been printed. Throws base::Error for what it does not
// understand.
std::optional<Options> parse_options(int argc, char** argv);

}  // namespace xar::xarbuild
