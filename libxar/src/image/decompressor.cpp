// SPDX-License-Identifier: BSD-2-Clause
#include "image/decompressor.hpp"

#include <zstd.h>

#include <new>
#include <utility>

#include "image/failure.hpp"
#include "xar/base/bytes.hpp"

namespace xar::image {
namespace {

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ::ZSTD_freeDCtx(context); }
};
using Context = std::unique_ptr<ZSTD_DCtx, FreeContext>;

}  // namespace

// What one thread needs while it decompresses one block; unused ones are a list.
struct Decompressor::Workspace {
  Context context;
  base::Buffer stored;
  std::unique_ptr<Workspace> next;
};

// A workspace for as long as this is there.
class Decompressor::Loan {
 public:
  explicit Loan(Decompressor& lender) : lender_(lender) {
    const std::scoped_lock lock(lender_.mutex_);
    workspace_ = std::move(lender_.unused_);
    if (workspace_) {
      lender_.unused_ = std::move(workspace_->next);
    } else {
      workspace_ = std::make_unique<Workspace>();
    }
  }
  ~Loan() {
    const std::scoped_lock lock(lender_.mutex_);
    workspace_->next = std::move(lender_.unused_);
    lender_.unused_ = std::move(workspace_);
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  [[nodiscard]] Workspace& workspace() const { return *workspace_; }

 private:
  Decompressor& lender_;
  std::unique_ptr<Workspace> workspace_;
};

Decompressor::Decompressor(std::uint16_t compression)
    : other_(compression == ZSTD_COMPRESSION ? nullptr
                                             : sqfs_decompressor_get(compression)) {}

Decompressor::~Decompressor() = default;

std::size_t Decompressor::decompress(
    std::size_t stored, const std::function<void(std::span<std::byte>)>& read,
    std::span<std::byte> out) {
  const Loan loan(*this);
  Workspace& workspace = loan.workspace();
  // What is stored compressed is smaller than its content.
  if (workspace.stored.size() < stored) workspace.stored = base::Buffer(out.size());
  const std::span<std::byte> bytes = workspace.stored.bytes().first(stored);
  read(bytes);
  return run(workspace, bytes, out);
}

std::size_t Decompressor::run(Workspace& workspace, std::span<std::byte> stored,
                              std::span<std::byte> out) const {
  std::size_t size = out.size();
  if (other_ != nullptr) {
    require(other_(stored.data(), stored.size(), out.data(), &size) == SQFS_OK);
  } else {
    if (!workspace.context) workspace.context.reset(::ZSTD_createDCtx());
    if (!workspace.context) throw std::bad_alloc();
    size = ::ZSTD_decompressDCtx(workspace.context.get(), out.data(), out.size(),
                                 stored.data(), stored.size());
    require(::ZSTD_isError(size) == 0);
  }
  require(size > 0 && size <= out.size());
  return size;
}

void Decompressor::clear() {
  const std::scoped_lock lock(mutex_);
  unused_.reset();
}

}  // namespace xar::image
