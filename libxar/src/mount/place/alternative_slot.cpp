// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/alternative_slot.hpp"

#include "xar/base/hash.hpp"

namespace xar::mount {

MountSlot alternative_slot(const MountSlot& slot, const Archive& archive) {
  MountSlot result = slot;
  result.name += '.' + base::fnv1a_hex(archive.identity);
  return result;
}

}  // namespace xar::mount
