// SPDX-License-Identifier: BSD-2-Clause
#include <sodium.h>

#include "xar/digest.hpp"

namespace xar::digest {

Blake2b blake2b(base::ByteView bytes) {
  Blake2b digest;
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  return digest;
}

}  // namespace xar::digest
