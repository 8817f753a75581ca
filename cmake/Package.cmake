# SPDX-License-Identifier: BSD-2-Clause
# Debian packages, one a component: scripts/package builds and checks them. None is named
# xar, which was the archiver of the other format of that name.
set(XAR_PACKAGE_REVISION 1)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the xar authors <maintainers@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Each description has its own first line.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL xarexec xarbuild dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${XAR_PACKAGE_REVISION})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_XAREXEC_PACKAGE_NAME xarexec)
set(CPACK_DEBIAN_XAREXEC_PACKAGE_SECTION utils)
# Whoever is not root mounts by its fusermount3.
set(CPACK_DEBIAN_XAREXEC_PACKAGE_RECOMMENDS fuse3)
set(CPACK_DEBIAN_XAREXEC_PACKAGE_SUGGESTS "python3, xarbuild")
set(CPACK_DEBIAN_XAREXEC_PACKAGE_CONTROL_EXTRA
  "${CMAKE_CURRENT_SOURCE_DIR}/packaging/debian/postinst;${CMAKE_CURRENT_SOURCE_DIR}/packaging/debian/prerm;\
${CMAKE_CURRENT_SOURCE_DIR}/packaging/debian/postrm")
set(CPACK_DEBIAN_XAREXEC_DESCRIPTION "run applications that are one file
A XAR is an application, or a directory of files, in one file: a SquashFS
image behind a short text header. Running it mounts the image once through
FUSE, keeps that mount for later runs, and executes what is in it.

This package contains the launcher, one static program, which also mounts,
lists, extracts, verifies and compares archives.")

set(CPACK_DEBIAN_XARBUILD_PACKAGE_NAME xarbuild)
set(CPACK_DEBIAN_XARBUILD_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_XARBUILD_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_XARBUILD_PACKAGE_DEPENDS "xarexec (= ${PROJECT_VERSION}-${XAR_PACKAGE_REVISION})")
set(CPACK_DEBIAN_XARBUILD_PACKAGE_RECOMMENDS python3)
set(CPACK_DEBIAN_XARBUILD_PACKAGE_SUGGESTS python3-pip)
set(CPACK_DEBIAN_XARBUILD_DESCRIPTION "make one file of a whole application
Makes a XAR of a directory or of a Python application (modules, wheels,
requirements, virtual environments, PEX files): a compressed SquashFS image
behind a short text header. The same input makes the same file.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME xarexec-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libsquashfuse-dev, libfuse3-dev, libzstd-dev, libsodium-dev, libarchive-dev, \
zlib1g-dev, liblzma-dev, liblz4-dev, liblzo2-dev")
set(CPACK_DEBIAN_DEV_DESCRIPTION "library that makes, reads and mounts XAR archives
A XAR is an application, or a directory of files, in one file: a SquashFS
image behind a short text header.

This package contains the headers and static libraries of libxar, with a
CMake package and pkg-config files.")

# What Debian asks of each package. SOURCE_DATE_EPOCH sets the time.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(packaging/debian/changelog.in packaging/changelog.Debian @ONLY)
foreach(file ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog.Debian ${CMAKE_CURRENT_SOURCE_DIR}/CHANGELOG.md)
  get_filename_component(name ${file} NAME)
  string(REPLACE CHANGELOG.md changelog name ${name})
  set(compressed ${CMAKE_CURRENT_BINARY_DIR}/packaging/${name}.gz)
  add_custom_command(OUTPUT ${compressed} DEPENDS ${file} VERBATIM
    COMMAND sh -c "gzip -9nc \"$1\" >\"$2\"" gzip ${file} ${compressed})
  add_custom_target(package_${name} ALL DEPENDS ${compressed})
endforeach()
foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${component} key)
  install(FILES packaging/debian/copyright
    ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog.Debian.gz ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog.gz
    DESTINATION share/doc/${CPACK_DEBIAN_${key}_PACKAGE_NAME} COMPONENT ${component})
endforeach()
install(FILES packaging/debian/xarexec.lintian-overrides DESTINATION share/lintian/overrides
  RENAME xarexec COMPONENT xarexec)
include(CPack)
