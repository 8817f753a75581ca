// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/output.hpp"

#include <cstdio>

#include "xar/base/error.hpp"

namespace xar::xarexec {

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    base::throw_errno("cannot write to", "standard output");
  }
}

void print_line(const std::string& text) {
  print(text + '\n');
}

}  // namespace xar::xarexec
