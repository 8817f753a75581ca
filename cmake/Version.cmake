# SPDX-License-Identifier: BSD-2-Clause
# A header with what the programs say to --version, made anew in each build: what includes
# it is compiled for each commit, so that is one small file a program.
set(header ${PROJECT_BINARY_DIR}/version/versions.hpp)
add_custom_target(write_version BYPRODUCTS ${header} VERBATIM
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -DHEADER=${header}
    -P ${PROJECT_SOURCE_DIR}/cmake/WriteVersion.cmake)
add_library(xar_version INTERFACE)
target_include_directories(xar_version INTERFACE ${PROJECT_BINARY_DIR}/version)
add_dependencies(xar_version write_version)
