// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/build.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/json.hpp"
#include "xar/base/log.hpp"
#include "xar/base/progress.hpp"
#include "xar/base/temporary_folder.hpp"
#include "xarbuild/contents.hpp"
#include "xarbuild/input.hpp"
#include "xarbuild/launcher.hpp"
#include "xarbuild/standard_output.hpp"
#include "xarbuild/warnings.hpp"

namespace xar::xarbuild {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStandardOutput = "-";

bool is_xar(const fs::path& path) {
  try {
    const base::Fd fd = base::open_file(path, O_RDONLY);
    header::read(fd.get(), path);
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

// A build must not destroy what is not of its kind.
void check_output(const Options& options) {
  const fs::path folder =
      options.output.has_parent_path() ? options.output.parent_path() : ".";
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    throw base::Error("cannot write", options.output,
                      failed && failed.value() != ENOENT
                          ? failed.message()
                          : "its directory does not exist: create it");
  }
  const fs::file_status status = fs::status(options.output, failed);
  if (!fs::status_known(status)) {
    throw base::SystemError(failed.value(), "cannot write", options.output);
  }
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status)) {
    throw base::Error("cannot replace", options.output, "it is not a regular file");
  }
  if (!options.force && !is_xar(options.output)) {
    throw base::Error("will not replace", options.output,
                      "it is not a XAR: give another name, or --force");
  }
}

// Returns the archive's time.
std::int64_t normalise(tree::Tree& tree, const Options& options) {
  const archive::Normalised done =
      archive::normalise(tree, {options.owner, options.source_date_epoch});
  warn_of_times(done.clamped);
  return done.time;
}

header::Header header_for(const Options& options, const Input& input, std::int64_t time) {
  header::Header header;
  header.launcher = options.launcher;
  header.version = std::to_string(time);
  header.mount_root = options.mount_root;
  header.target = input.target;
  header.others = input.header_lines;
  return header;
}

using Milliseconds = std::chrono::milliseconds;

// Where an archive goes to standard output, the report does not.
std::FILE* report_stream(const Options& options) {
  return options.output == kStandardOutput ? stderr : stdout;
}

// " (41.2%)", or nothing where the header and the padding make the file the larger one.
std::string shown_ratio(const archive::Summary& summary) {
  if (summary.file_bytes > summary.image.content_bytes) return {};
  const double ratio = static_cast<double>(summary.file_bytes) /
                       static_cast<double>(summary.image.content_bytes);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), " (%.1f%%)", ratio * 100);
  return text.data();
}

void report(const Options& options, const archive::Summary& summary, Milliseconds taken,
            bool runs) {
  std::fprintf(report_stream(options), "%s: %s from %s%s, %s, %.1f s%s\n",
               base::printable(options.output.native()).c_str(),
               base::human_size(summary.file_bytes).c_str(),
               base::human_size(summary.image.content_bytes).c_str(),
               shown_ratio(summary).c_str(), base::shown(summary.image.entries).c_str(),
               std::chrono::duration<double>(taken).count(),
               runs ? "" : "; nothing in it is run: xarexec -m mounts it");
}

void report_json(const Options& options, const archive::Summary& summary,
                 Milliseconds taken) {
  base::JsonObject object;
  object.text("output", options.output.native())
      .number("bytes", summary.file_bytes)
      .number("image_bytes", summary.image.image_bytes)
      .number("files", summary.image.entries.files)
      .number("directories", summary.image.entries.directories)
      .number("symlinks", summary.image.entries.symlinks)
      .number("others", summary.image.entries.others)
      .number("content_bytes", summary.image.content_bytes)
      .number("duplicate_bytes", summary.image.duplicate_bytes)
      .number("cached_bytes", summary.image.cached_bytes)
      .number("milliseconds", taken.count());
  std::fprintf(report_stream(options), "%s\n", object.str().c_str());
}

squashfs::Options image_options(const Options& options, std::int64_t time) {
  squashfs::Options image;
  image.block_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(options.block_size, UINT32_MAX));
  image.level = options.zstd_level;
  image.threads = options.threads;
  image.mtime = static_cast<std::uint32_t>(time);
  image.priorities = options.priorities;
  image.cache_folder = options.cache_folder;
  image.cache_limit = options.cache_limit;
  return image;
}

void log_compression(const squashfs::Options& image) {
  if (base::is_debugging()) {
    base::debug("compress with zstd level " + std::to_string(image.level) +
                ", blocks of " + std::to_string(image.block_size) + " bytes, cache " +
                (image.cache_folder.empty() ? "none" : image.cache_folder.native()));
  }
}

}  // namespace

void build(const Options& options, base::InterruptWatch& interrupts) {
  const auto start = std::chrono::steady_clock::now();
  if (options.verbose) ::setenv("XAR_LOG", "debug", 1);
  if (options.output == kStandardOutput && !options.dry_run) {
    require_no_terminal();
  } else if (!options.dry_run) {
    check_output(options);
  }
  const std::optional<archive::Launcher> launcher = find_launcher(options);
  if (launcher && base::is_debugging()) {
    base::debug("launcher: " + std::to_string(launcher->program.size()) + " bytes");
  }
  base::debug("read what is packed");
  tree::ScanFindings findings;
  Input input = read_input(options, findings, interrupts);
  warn_of_unused_patterns(options.excluded, findings);
  warn_of_lists(findings);
  for (const std::string& sentence : input.warnings) warn(sentence);

  const std::int64_t time = normalise(input.tree, options);
  if (options.dry_run) return print_contents(options, input, findings);
  squashfs::Options image = image_options(options, time);
  // What the user's sort file says of a path counts.
  for (const std::string& path : input.first) image.priorities.emplace(path, 1);

  log_compression(image);
  archive::Summary summary;
  {
    base::ProgressBar bar(!options.quiet);
    image.on_progress = [&](const squashfs::Progress& progress) {
      interrupts.check();
      if (progress.total > 0) bar.show(progress.done, progress.total);
    };
    const auto write = [&](const fs::path& output) {
      summary = archive::write(output, header_for(options, input, time), input.tree,
                               image, base::current_umask(), launcher);
    };
    if (options.output == kStandardOutput) {
      // Its header, which is written last, stands in front.
      const base::TemporaryFolder folder;
      write(folder.path() / "archive");
      copy_to_standard_output(folder.path() / "archive");
    } else {
      write(options.output);
    }
  }
  if (base::is_debugging()) {
    base::debug("wrote " + std::to_string(summary.file_bytes) + " bytes, " +
                std::to_string(summary.image.cached_bytes) +
                " of the content from the cache");
  }
  const auto taken =
      std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start);
  if (options.json) {
    report_json(options, summary, taken);
  } else if (!options.quiet) {
    report(options, summary, taken, input.target.has_value());
  }
}

}  // namespace xar::xarbuild
