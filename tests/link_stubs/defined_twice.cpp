// SPDX-License-Identifier: BSD-2-Clause
// Its object in libfuse is needed for other functions, too.
extern "C" void fuse_session_destroy(void*) {}
