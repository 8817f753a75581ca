// SPDX-License-Identifier: BSD-2-Clause
// Extracting an image. Nothing may appear outside of the directory; what is found sound
// is extracted.
#include "xar/extract.hpp"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "fuzz/support.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/remove_tree.hpp"
#include "xar/base/temporary_folder.hpp"

namespace {

using namespace xar;

namespace fs = std::filesystem;

// A folder whose only content is the directory to extract into. No file in it grows
// beyond some MiB: the kernel refuses, as a full disk does.
class Ground {
 public:
  Ground() {
    constexpr rlim_t kMaxFile = 8 << 20;
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{kMaxFile, kMaxFile};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  [[nodiscard]] fs::path directory() const { return folder_.path() / "inside"; }

  void empty() const {
    if (fs::exists(fs::symlink_status(directory()))) {
      base::remove_tree(directory());
    }
  }

  [[nodiscard]] std::size_t names() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_.path()), {}));
  }

 private:
  base::TemporaryFolder folder_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Ground ground;
  ground.empty();
  try {
    const image::Image image = fuzz::open_image(fuzz::as_text(data, size));
    extract::Options options;
    options.threads = 1;
    options.privileges = size % 2 == 0;
    unsigned calls = 0;
    options.on_progress = [&](const extract::Progress&) {
      if (++calls > 1000) throw fuzz::Enough();
    };
    // In either way: into a directory that is there, and as one that is not.
    if (size % 3 == 0) {
      static_cast<void>(extract::extract_as(image, ground.directory(), options));
    } else {
      fs::create_directory(ground.directory());
      static_cast<void>(extract::extract_into(image, ground.directory(), options));
    }
    fuzz::require(ground.names() == 1, "the directory is there");
  } catch (const fuzz::Enough&) {
  } catch (const base::Error&) {
  }
  fuzz::require(ground.names() <= 1, "nothing is beside the directory");
  ground.empty();
  return 0;
}
