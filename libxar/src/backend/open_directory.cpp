// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <string>

#include "backend/attempts.hpp"

namespace xar::backend {
namespace {

class Launch : public Attempts {
 public:
  explicit Launch(const Request& request) : request_(request) {}

  Directory take() { return std::move(directory_); }

  bool use_mount(const Slots& slots) override {
    return keep(mount::pin(slots, request_.archive));
  }
  bool use_mount_in_namespace(const Slots& slots) override {
    return keep(mount::pin_in_namespace(slots, request_.archive));
  }
  bool use_unpacked(const cache::Location& location) override {
    auto found = cache::find(location, source());
    if (found) keep(std::move(*found));
    return found.has_value();
  }

  void mount(const mount::MountSlot& slot) override {
    keep(mount::ensure(slot, request_.archive, request_.context));
  }
  void mount_in_namespace(const mount::MountSlot& slot) override {
    keep(mount::ensure_in_namespace(slot, request_.archive, request_.context));
  }
  void unpack(const cache::Location& location) override {
    keep(cache::ensure(location, source()));
  }

 private:
  [[nodiscard]] cache::Source source() const {
    return {request_.archive.path, request_.archive.fd, request_.header,
            request_.archive.identity};
  }

  bool keep(std::optional<mount::Pinned> pinned) {
    if (!pinned) return false;
    directory_ = {std::move(pinned->fd), std::move(pinned->directory), pinned->fresh};
    return true;
  }
  void keep(cache::Unpacked unpacked) {
    directory_ = {std::move(unpacked.fd), std::move(unpacked.directory), unpacked.fresh};
  }

  const Request& request_;
  Directory directory_;
};

// The front of a sentence "what: which file: why: what to do": without the last part.
std::string without_advice(const std::string& sentence) {
  constexpr std::string_view kBetween = ": ";
  std::size_t end = 0;
  for (int part = 0; part < 3 && end != sentence.npos; ++part) {
    end = sentence.find(kBetween, part == 0 ? 0 : end + kBetween.size());
  }
  return sentence.substr(0, end);
}

// Without most of the names of mount points, which are longer than a terminal is wide: 32
// digits, a dash, and what tells namespaces apart.
std::string shortened(std::string sentence) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kDigest = 32;
  constexpr std::size_t kShown = 8;
  for (std::size_t slash = sentence.find('/'); slash != sentence.npos;
       slash = sentence.find('/', slash + 1)) {
    const std::size_t begin = slash + 1;
    const std::size_t dash =
        std::min(sentence.find_first_not_of(kDigits, begin), sentence.size());
    if (dash - begin != kDigest || dash == sentence.size() || sentence[dash] != '-')
      continue;
    const std::size_t end =
        std::min(sentence.find_first_of(": /", dash), sentence.size());
    sentence.replace(begin + kShown, end - begin - kShown, "...");
  }
  return sentence;
}

}  // namespace

Directory open_directory(const Request& request) {
  Launch launch(request);
  std::vector<FailedAttempt> failures;
  if (try_backends(request, launch, failures)) return launch.take();
  if (failures.empty()) {
    throw base::Error(base::Errc::kNoBackend, "cannot use", request.archive.path,
                      "there is no place for it");
  }
  if (failures.size() == 1)
    throw base::Error(base::Errc::kNoBackend, shortened(reason_of(failures.front())));
  throw base::Error(base::Errc::kNoBackend, "cannot use", request.archive.path,
                    shortened(without_advice(reason_of(failures.front()))));
}

}  // namespace xar::backend
