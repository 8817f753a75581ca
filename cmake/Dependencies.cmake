# SPDX-License-Identifier: BSD-2-Clause
# The libraries the project stands on, each a Debian package, as imported
# targets. Every static dependency is named too, so that the same targets serve
# a fully static link; a dynamic link drops what it does not need.
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)

# xar_find_library(<target> <header> <library> [<static dependency>...])
function(xar_find_library target header library)
  find_path(${library}_INCLUDE_DIR ${header} REQUIRED)
  find_library(${library}_LIBRARY ${library} REQUIRED)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} INTERFACE ${${library}_INCLUDE_DIR})
  target_link_libraries(${target} INTERFACE ${library} ${ARGN})
endfunction()

xar_find_library(xar::zstd zstd.h zstd)
xar_find_library(xar::sodium sodium.h sodium)
xar_find_library(xar::squashfuse squashfuse/squashfuse.h squashfuse zstd z lzma lz4 lzo2)
xar_find_library(xar::fuse3 fuse3/fuse_lowlevel.h fuse3 dl)
