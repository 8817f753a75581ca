# SPDX-License-Identifier: BSD-2-Clause
# What the project is built from, all of it in Debian: scripts/setup installs it.
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
include(xarDependencies)
if(xar_MISSING_LIBRARIES)
  message(FATAL_ERROR "Not found: ${xar_MISSING_LIBRARIES}: run scripts/setup")
endif()
