# SPDX-License-Identifier: BSD-2-Clause
# The libraries that libxar stands on, each a Debian package, as imported targets.
# Here and, installed beside the package file, where another project uses libxar.
# Every static dependency is named too, so that the same targets serve a fully static
# link; a dynamic link drops what it does not need. What is not found is
# listed in xar_MISSING_LIBRARIES.
set(xar_MISSING_LIBRARIES "")

# xar_find_library(<target> <header> <library> [<static dependency>...])
macro(xar_find_library target header library)
  find_path(xar_${library}_INCLUDE_DIR ${header})
  find_library(xar_${library}_LIBRARY ${library})
  mark_as_advanced(xar_${library}_INCLUDE_DIR xar_${library}_LIBRARY)
  if(NOT xar_${library}_INCLUDE_DIR OR NOT xar_${library}_LIBRARY)
    list(APPEND xar_MISSING_LIBRARIES "lib${library} with ${header}")
  elseif(NOT TARGET ${target})
    add_library(${target} INTERFACE IMPORTED)
    target_include_directories(${target} INTERFACE ${xar_${library}_INCLUDE_DIR})
    target_link_libraries(${target} INTERFACE ${library} ${ARGN})
  endif()
endmacro()

xar_find_library(xar::zstd zstd.h zstd)
xar_find_library(xar::sodium sodium.h sodium)
xar_find_library(xar::archive_library archive_entry.h archive)
xar_find_library(xar::squashfuse squashfuse/squashfuse.h squashfuse zstd z lzma lz4 lzo2)
xar_find_library(xar::fuse3 fuse3/fuse_lowlevel.h fuse3 dl)
list(JOIN xar_MISSING_LIBRARIES ", " xar_MISSING_LIBRARIES)
