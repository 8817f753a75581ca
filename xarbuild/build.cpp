// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/build.hpp"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/progress.hpp"
#include "xar/python.hpp"

namespace xar::xarbuild {
namespace {

namespace fs = std::filesystem;

// What goes into the archive, and what of it is executed.
struct Input {
  tree::Tree tree;
  std::optional<std::string> target;
};

// "./bin//run/" is the user's way to write "bin/run".
std::string target_path(const std::string& written) {
  fs::path path = fs::path(written).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.empty() ? "." : path.native();
}

Input read_input(const Options& options) {
  if (!fs::is_directory(options.source)) {
    const char* advice = fs::exists(options.source)
                             ? "it is not a directory: give the one whose content goes in"
                             : "there is no such directory";
    throw base::Error("cannot pack", options.source, advice);
  }
  const tree::ScanOptions scan{options.excluded, options.xattrs};
  if (const auto* application = std::get_if<PythonApplication>(&options.input)) {
    python::Package package = python::package(
        {options.source, application->entry_point, application->interpreter, scan});
    return {std::move(package.tree), std::move(package.target)};
  }
  const auto& executed = std::get<Directory>(options.input).executed;
  Input input{tree::scan(options.source, scan), std::nullopt};
  if (executed) input.target = target_path(*executed);
  return input;
}

bool is_xar(const fs::path& path) {
  try {
    const base::Fd fd = base::open_file(path, O_RDONLY);
    header::read(fd.get(), path);
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

// A build must not destroy what is not of its kind, nor pack its own output.
void check_output(const Options& options) {
  const fs::path folder =
      options.output.has_parent_path() ? options.output.parent_path() : ".";
  if (!fs::is_directory(folder)) {
    throw base::Error("cannot write", options.output,
                      "its directory does not exist: create it");
  }
  const fs::path source = fs::canonical(options.source);
  const fs::path inside = fs::canonical(folder);
  if (std::mismatch(source.begin(), source.end(), inside.begin(), inside.end()).first ==
      source.end()) {
    throw base::Error(
        "cannot write", options.output,
        "it would be inside the directory that is packed: write it elsewhere");
  }
  const fs::file_status status = fs::status(options.output);
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status)) {
    throw base::Error("cannot replace", options.output, "it is not a regular file");
  }
  if (!options.force && !is_xar(options.output)) {
    throw base::Error("will not replace", options.output,
                      "it is not a XAR: give another name, or --force");
  }
}

// Makes the tree independent of who builds it where and when, as far as the user
// wants that. Returns the archive's time.
std::int64_t settle(tree::Tree& tree, const Options& options) {
  if (const auto* owner = std::get_if<OneOwner>(&options.owner)) {
    tree.set_owner(owner->uid, owner->gid);
  }
  if (options.source_date_epoch) tree.clamp_mtimes(*options.source_date_epoch);
  return options.source_date_epoch.value_or(tree.newest_mtime());
}

header::Header header_for(const Options& options, const Input& input, std::int64_t time) {
  header::Header header;
  header.launcher = options.launcher;
  header.version = std::to_string(time);
  header.mount_root = options.mount_root;
  header.target = input.target;
  return header;
}

void report(const Options& options, const archive::Summary& summary, double seconds) {
  const auto content = static_cast<double>(summary.image.content_bytes);
  const double ratio =
      content > 0 ? static_cast<double>(summary.file_bytes) / content : 1;
  std::printf("%s: %s from %s (%.1f%%), %llu %s, %.1f s\n",
              base::printable(options.output.native()).c_str(),
              base::human_size(summary.file_bytes).c_str(),
              base::human_size(summary.image.content_bytes).c_str(), ratio * 100,
              static_cast<unsigned long long>(summary.image.files),
              summary.image.files == 1 ? "file" : "files", seconds);
}

}  // namespace

void build(const Options& options, const base::InterruptWatch& interrupts) {
  const auto start = std::chrono::steady_clock::now();
  Input input = read_input(options);
  check_output(options);

  const std::int64_t time = settle(input.tree, options);
  squashfs::Options image;
  image.block_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(options.block_size, UINT32_MAX));
  image.level = options.zstd_level;
  image.threads = options.threads;
  image.mtime = static_cast<std::uint32_t>(time);

  archive::Summary summary;
  {
    base::ProgressBar bar(!options.quiet);
    image.on_progress = [&](const squashfs::Progress& progress) {
      interrupts.check();
      bar.show(progress.done, progress.total);
    };
    summary = archive::write(options.output, header_for(options, input, time), input.tree,
                             image, base::current_umask());
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!options.quiet) report(options, summary, taken.count());
}

}  // namespace xar::xarbuild
