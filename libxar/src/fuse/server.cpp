// SPDX-License-Identifier: BSD-2-Clause
#include "xar/fuse.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "fuse/fragment_prefetcher.hpp"
#include "fuse/loop.hpp"
#include "fuse/operations.hpp"
#include "fuse/page_cache_pusher.hpp"
#include "fuse/receiver_token.hpp"
#include "fuse/trimmer.hpp"
#include "xar/base/error.hpp"
#include "xar/base/workers.hpp"
#include "xar/image/serving.hpp"

namespace xar::fuse {
namespace {

struct DestroySession {
  void operator()(fuse_session* session) const { fuse_session_destroy(session); }
};
using Session = std::unique_ptr<fuse_session, DestroySession>;

[[noreturn]] void throw_cannot_serve(std::string_view step) {
  throw base::Error(
      "cannot serve the image", "/dev/fuse",
      std::string(step) + " failed: check that the kernel and libfuse are not too old");
}

// What libfuse logs is for its developers; standard error is the payload's.
void drop_message(fuse_log_level, const char*, va_list) {}

Session make_session(const Options& options, ServedImage& served) {
  // libfuse wants the arguments of a program; they stay ours, being no allocations.
  std::string name = "xar";
  std::string flag = "-o";
  std::string allow_root = "allow_root";
  std::array<char*, 4> words = {name.data(), flag.data(), allow_root.data(), nullptr};
  fuse_args arguments = FUSE_ARGS_INIT(options.only_owner_and_root ? 3 : 1, words.data());
  const fuse_lowlevel_ops table = operations();
  Session session(fuse_session_new(&arguments, &table, sizeof table, &served));
  fuse_opt_free_args(&arguments);
  if (!session) throw_cannot_serve("making a session");
  return session;
}

// Has the session serve a device that is mounted already, as libfuse spells it.
void attach(fuse_session& session, base::Fd device) {
  const std::string path = "/dev/fd/" + std::to_string(device.get());
  if (fuse_session_mount(&session, path.c_str()) != 0) throw_cannot_serve("attaching");
  // The session closes it.
  static_cast<void>(device.release());
}

unsigned thread_count(const Options& options) {
  if (options.threads > 0) return options.threads;
  return std::max(2U, base::usable_cores());
}

// Blocks come and go by the hundred in a second. glibc would map and unmap each, and give
// every thread an arena of its own; what it keeps instead is trimmed when it is quiet.
void keep_freed_memory() {
  // The most that mallopt(3) takes for it; blocks are a megabyte at most.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  ::mallopt(M_ARENA_MAX, 1);
}

// While this is there, a thread that decompresses content, or waits for one that does,
// lets another take requests.
class TokenReleaseHook {
 public:
  TokenReleaseHook(image::Image& image, ReceiverToken& token) : image_(image) {
    image::Serving(image_).before_decompressing([&token] { token.pass(); });
  }
  ~TokenReleaseHook() { image::Serving(image_).before_decompressing(nullptr); }
  TokenReleaseHook(const TokenReleaseHook&) = delete;
  TokenReleaseHook& operator=(const TokenReleaseHook&) = delete;

 private:
  image::Image& image_;
};

}  // namespace

class Server::State {
 public:
  State(image::Image& image, Options options, Activity& activity)
      : options_(std::move(options)),
        image_(image),
        served_{image, activity, options_.on_fault},
        session_(make_session(options_, served_)),
        passing_on_(image, token_),
        pusher_(image, *session_, token_),
        prefetcher_([&image](std::uint32_t fragment) {
          image::Serving(image).prefetch_fragment(fragment);
        }) {}

  void serve(base::Fd device) {
    attach(*session_, std::move(device));
    std::optional<Trimmer> trimmer;
    const auto settle = [this] {
      if (options_.after_first_answer) options_.after_first_answer();
      return thread_count(options_);
    };
    const auto start = [&](std::size_t threads) {
      if (threads > 1) {
        served_.pusher = &pusher_;
        served_.prefetcher = &prefetcher_;
      }
      trim(trimmer);
    };
    if (!answer_requests(*session_, token_, {settle, start})) {
      throw_cannot_serve("answering the kernel");
    }
  }

 private:
  // Where there is no thread for it, what is kept is kept.
  void trim(std::optional<Trimmer>& trimmer) try {
    trimmer.emplace(served_.activity, [this] {
      image::Serving(image_).drop_caches();
      pusher_.clear();
    });
  } catch (const std::system_error&) {
  }

  const Options options_;
  image::Image& image_;
  ServedImage served_;
  const Session session_;
  ReceiverToken token_;
  const TokenReleaseHook passing_on_;
  PageCachePusher pusher_;
  FragmentPrefetcher prefetcher_;
};

Server::Server(image::Image& image, Options options, Activity& activity) {
  keep_freed_memory();
  image::Serving(image).read_ahead();
  fuse_set_log_func(drop_message);
  state_ = std::make_unique<State>(image, std::move(options), activity);
}

Server::~Server() = default;

void Server::serve(base::Fd device) {
  state_->serve(std::move(device));
}

}  // namespace xar::fuse
