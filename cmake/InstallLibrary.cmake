# SPDX-License-Identifier: BSD-2-Clause
# libxar for other projects: headers, static libraries, and what CMake and pkg-config
# need to find both.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/xar)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/xarConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
# Of what is the library's own affair, others get what these headers include.
file(GLOB headers CONFIGURE_DEPENDS libxar/include/xar/*.hpp)
list(FILTER headers EXCLUDE REGEX "/blocks\\.hpp$")
set(own_headers ${PROJECT_SOURCE_DIR}/libxar/include/xar/base)
install(FILES ${headers} ${PROJECT_BINARY_DIR}/include/xar/version.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xar COMPONENT dev)
install(DIRECTORY libxar/include/xar/mount DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xar COMPONENT dev)
install(FILES ${own_headers}/bytes.hpp ${own_headers}/entry_counts.hpp ${own_headers}/error.hpp ${own_headers}/fd.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xar/base COMPONENT dev)
install(TARGETS xar_core xar_build xar_run EXPORT xar
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(EXPORT xar FILE xarTargets.cmake NAMESPACE xar:: DESTINATION ${package_folder} COMPONENT dev)
install(FILES cmake/xarConfig.cmake cmake/xarDependencies.cmake ${CMAKE_CURRENT_BINARY_DIR}/xarConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT dev)

# xar_install_pkg_config(<name> <description> <required> <libraries> <libraries of a static link>)
# Names libraries, not their pkg-config files, whose include folders the headers of libxar
# do not need and which hold headers of such names as config.h.
function(xar_install_pkg_config name description requires libraries static_libraries)
  # From where the file lies, so that the prefix may be chosen at installation.
  file(RELATIVE_PATH prefix_from_here /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" prefix_from_here "${prefix_from_here}")
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc)
  configure_file(cmake/xar.pc.in ${file} @ONLY)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endfunction()

xar_install_pkg_config(xar-core "What writing and reading XAR archives have in common"
  "" "-lxar_core -lsodium" "")
xar_install_pkg_config(xar-build "Writes XAR archives"
  xar-core "-lxar_build -lzstd -larchive" "")
xar_install_pkg_config(xar-run "Reads, extracts and mounts XAR archives"
  xar-core "-lxar_run -lsquashfuse -lfuse3 -lzstd" "-lz -llzma -llz4 -llzo2 -ldl")
