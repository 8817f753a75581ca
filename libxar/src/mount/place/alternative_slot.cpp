// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/alternative_slot.hpp"

#include "mount/place/name_hash.hpp"

namespace xar::mount {

MountSlot alternative_slot(const MountSlot& slot, const Archive& archive) {
  MountSlot result = slot;
  result.name += '.' + hashed_name(archive.identity);
  return result;
}

}  // namespace xar::mount
