// SPDX-License-Identifier: BSD-2-Clause
// How the readers of this module report that they cannot continue: by an exception that
// Image turns into the errno value that its callers, C callbacks, expect.
#pragma once

#include <cerrno>
#include <exception>

namespace xar::image {

// Never leaves the module.
class Failure : public std::exception {
 public:
  explicit Failure(int number) : number_(number) {}

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const char* what() const noexcept override { return "cannot read image"; }

 private:
  int number_;  // an errno value
};

// States what holds in every sound image; throws Failure(EIO) if it does not.
inline void require(bool holds) {
  if (!holds) throw Failure(EIO);
}

}  // namespace xar::image
