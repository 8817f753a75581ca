// SPDX-License-Identifier: BSD-2-Clause
#include "xar/fuse.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <memory>
#include <string>
#include <thread>

#include "fuse/operations.hpp"
#include "fuse/pusher.hpp"
#include "fuse/trimmer.hpp"
#include "xar/base/error.hpp"

namespace xar::fuse {
namespace {

struct DestroySession {
  void operator()(fuse_session* session) const { fuse_session_destroy(session); }
};
using Session = std::unique_ptr<fuse_session, DestroySession>;

struct DestroyConfig {
  void operator()(fuse_loop_config* config) const { fuse_loop_cfg_destroy(config); }
};
using LoopConfig = std::unique_ptr<fuse_loop_config, DestroyConfig>;

[[noreturn]] void throw_unservable(std::string_view step) {
  throw base::Error(
      "cannot serve the image", "/dev/fuse",
      std::string(step) + " failed: check that the kernel and libfuse are not too old");
}

// What libfuse logs is for its developers; standard error is the payload's.
void drop_message(fuse_log_level, const char*, va_list) {}

Session make_session(const Options& options, Served& served) {
  // libfuse wants the arguments of a program; they stay ours, being no allocations.
  std::string name = "xar";
  std::string flag = "-o";
  std::string allow_root = "allow_root";
  std::array<char*, 4> words = {name.data(), flag.data(), allow_root.data(), nullptr};
  fuse_args arguments = FUSE_ARGS_INIT(options.only_owner_and_root ? 3 : 1, words.data());
  const fuse_lowlevel_ops table = operations();
  Session session(fuse_session_new(&arguments, &table, sizeof table, &served));
  fuse_opt_free_args(&arguments);
  if (!session) throw_unservable("making a session");
  return session;
}

// Has the session serve a device that is mounted already, as libfuse spells it.
void attach(fuse_session& session, base::Fd device) {
  const std::string path = "/dev/fd/" + std::to_string(device.get());
  if (fuse_session_mount(&session, path.c_str()) != 0) throw_unservable("attaching");
  // The session closes it.
  static_cast<void>(device.release());
}

unsigned thread_count(const Options& options) {
  if (options.threads > 0) return options.threads;
  return std::max(2U, std::thread::hardware_concurrency());
}

// Returns 0 once nobody is left, else libfuse's error.
int loop(fuse_session& session, unsigned threads) {
  if (threads == 1) return fuse_session_loop(&session);
  const LoopConfig config(fuse_loop_cfg_create());
  if (!config) throw std::bad_alloc();
  fuse_loop_cfg_set_max_threads(config.get(), threads);
  return fuse_session_loop_mt(&session, config.get());
}

}  // namespace

void serve(base::Fd device, const image::Image& image, const Options& options,
           Activity& activity) {
  fuse_set_log_func(drop_message);
  Served served{image, activity, options.on_fault};
  const Session session = make_session(options, served);
  attach(*session, std::move(device));
  Pusher pusher(image, *session);
  const unsigned threads = thread_count(options);
  if (threads > 1) served.pusher = &pusher;
  const Trimmer trimmer(activity, [&] {
    image.forget();
    pusher.forget();
  });
  if (loop(*session, threads) != 0) throw_unservable("answering the kernel");
}

}  // namespace xar::fuse
