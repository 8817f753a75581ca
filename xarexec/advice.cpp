// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/advice.hpp"

namespace xar::xarexec {

const char* advice_for(base::Errc kind) {
  switch (kind) {
    case base::Errc::kNoSuchPath:
      return "list what there is with xarexec --ls";
    case base::Errc::kInUse:
      return "end them first, or add --lazy";
    case base::Errc::kAlreadyMounted:
      return "unmount it first: xarexec --unmount";
    case base::Errc::kNameTooLong:
      return "use a shorter XAR_MOUNT_SEED";
    default:
      return nullptr;
  }
}

}  // namespace xar::xarexec
