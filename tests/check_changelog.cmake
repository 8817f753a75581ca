# SPDX-License-Identifier: BSD-2-Clause
# The newest heading of CHANGELOG.md names the project's version, and says when it was
# released or that it is not yet: "## 1.2.3, 2027-01-31" or "## 1.2.3, not yet released".
# Run as: cmake -DCHANGELOG=<file> -DVERSION=<version> -P check_changelog.cmake
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${CHANGELOG} headings REGEX "^## ")
list(GET headings 0 newest)
if(NOT newest MATCHES "^## ([0-9]+[.][0-9]+[.][0-9]+), (not yet released|20[0-9][0-9]-[01][0-9]-[0-3][0-9])$")
  message(FATAL_ERROR "${CHANGELOG}: the newest heading <${newest}> is not \"## VERSION, DATE\" or \"## VERSION, not yet released\"")
endif()
if(NOT CMAKE_MATCH_1 STREQUAL VERSION)
  message(FATAL_ERROR "${CHANGELOG}: the newest heading names ${CMAKE_MATCH_1}, CMakeLists.txt names ${VERSION}")
endif()
