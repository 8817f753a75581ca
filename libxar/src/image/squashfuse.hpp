// SPDX-License-Identifier: BSD-2-Clause
// The only include of libsquashfuse: its decompressors and its names for the format.
// Its readers stay outside, because they follow an image's lengths and offsets
// unchecked (into buffers on the stack) and share state between threads.
#pragma once

// Stands in for libsquashfuse's own config.h, whose macros (VERSION, FUSE_USE_VERSION,
// _POSIX_C_SOURCE) are meant for nobody else.
#define SQFS_CONFIG_H
#ifndef HAVE_LINUX_TYPES_LE16
#define HAVE_LINUX_TYPES_LE16 1
#endif

extern "C" {
#include <squashfuse/decompress.h>
#include <squashfuse/squashfs_fs.h>
}
