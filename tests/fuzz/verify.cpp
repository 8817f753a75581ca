// SPDX-License-Identifier: BSD-2-Clause
// Verifying an image, and comparing it with itself and with another one. What is found
// sound can be walked through, looked up and read.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "fuzz/support.hpp"
#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace {

using namespace xar;

// Ends what takes longer than fuzzing has time for.
class Limit {
 public:
  void operator()(const inspect::Progress&) {
    if (++calls_ > 2000) throw fuzz::Enough();
  }

 private:
  unsigned calls_ = 0;
};

bool is_sound(std::string_view text) {
  header::Header header;
  header.offset = 0;
  const inspect::Archive archive{"input", fuzz::as_file(text), text.size(), header,
                                 fuzz::open_image(text)};
  try {
    inspect::verify(archive, 1, Limit());
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

// Whether `parent` finds what a listing of it has shown.
bool is_found(const image::Image& image, const inspect::Node& node) {
  if (node.path.empty()) return true;
  return inspect::find(image, node.path, false).entry.inode == node.entry.inode;
}

void use_all(const image::Image& image) {
  base::Bytes buffer(64 * 1024);
  std::size_t nodes = 0;
  inspect::walk(image, inspect::find(image, "", false), [&](const inspect::Node& node) {
    if (++nodes > 1000) throw fuzz::Enough();
    fuzz::require(is_found(image, node), "what is listed is found");
    if (!S_ISREG(node.status.st_mode)) return;
    std::size_t got = 0;
    fuzz::require(image.read(node.entry.inode, 0, buffer, got) == 0,
                  "what is sound is read");
  });
}

// Two images, with no difference if `same`.
void compare(const image::Image& before, const image::Image& after, bool same) {
  Limit limit;
  inspect::compare(
      before, after, true,
      [&](const inspect::Difference&) {
        fuzz::require(!same, "an image is as it is");
        limit({});
      },
      std::ref(limit));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  std::optional<image::Image> image;
  try {
    image = fuzz::open_image(text);
  } catch (const base::Error&) {
    return 0;
  }
  bool sound = false;
  try {
    sound = is_sound(text);
    if (sound) use_all(*image);
    compare(*image, fuzz::open_image(text), true);
  } catch (const fuzz::Enough&) {
  } catch (const base::Error&) {
    fuzz::require(!sound, "what is sound can be used");
  }
  return 0;
}
