# SPDX-License-Identifier: BSD-2-Clause
# find_package(xar) gives the targets xar::core, xar::build (writing archives) and
# xar::run (reading, extracting and mounting them).
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/xarDependencies.cmake)
if(xar_MISSING_LIBRARIES)
  set(xar_FOUND FALSE)
  set(xar_NOT_FOUND_MESSAGE "libxar needs ${xar_MISSING_LIBRARIES}")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/xarTargets.cmake)
