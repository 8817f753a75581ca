# SPDX-License-Identifier: BSD-2-Clause
# Manual pages, compressed as everyone expects them, and completions for shells. A shell
# finds a completion by the program's name, so one file has as many names as programs.
set(XAR_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
  "Where zsh looks for completions; Debian's looks below /usr in share/zsh/vendor-completions")

# xar_install_page(<file> <component> [<other name>...])
function(xar_install_page file component)
  get_filename_component(name ${file} NAME)
  string(REGEX MATCH "[0-9]$" section ${name})
  set(compressed ${CMAKE_CURRENT_BINARY_DIR}/man/${name}.gz)
  add_custom_command(OUTPUT ${compressed} DEPENDS ${file} VERBATIM
    COMMAND sh -c "gzip -9nc \"$1\" >\"$2\"" gzip ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${compressed})
  add_custom_target(page_${name} DEPENDS ${compressed})
  # A component is named after its program: whoever has built that can install it.
  add_dependencies(${component} page_${name})
  install(FILES ${compressed} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
  foreach(other ${ARGN})
    xar_install_link(${name}.gz ${CMAKE_INSTALL_MANDIR}/man${section}/${other}.gz ${component})
  endforeach()
endfunction()

# xar_install_link(<what it says> <place> <component>): a symlink.
function(xar_install_link target place component)
  get_filename_component(name ${place} NAME)
  get_filename_component(folder ${place} DIRECTORY)
  set(link ${CMAKE_CURRENT_BINARY_DIR}/links/${folder}/${name})
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/links/${folder})
  file(CREATE_LINK ${target} ${link} SYMBOLIC)
  install(FILES ${link} DESTINATION ${folder} COMPONENT ${component})
endfunction()

file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/man)
xar_install_page(docs/man/xarexec.1 xarexec xarexec_fuse.1)
xar_install_page(docs/man/xar.5 xarexec)
xar_install_page(docs/man/mount.xar.8 xarexec mount.fuse.xar.8)
xar_install_page(docs/man/xarbuild.1 xarbuild)

set(bash ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/xar.bash DESTINATION ${bash} RENAME xarexec COMPONENT xarexec)
xar_install_link(xarexec ${bash}/xarexec_fuse xarexec)
xar_install_link(xarexec ${bash}/xarbuild xarbuild)
set(fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES completions/xar.fish DESTINATION ${fish} RENAME xarexec.fish COMPONENT xarexec)
xar_install_link(xarexec.fish ${fish}/xarexec_fuse.fish xarexec)
xar_install_link(xarexec.fish ${fish}/xarbuild.fish xarbuild)
install(FILES completions/xar.zsh DESTINATION ${XAR_ZSH_COMPLETIONS} RENAME _xarexec COMPONENT xarexec)

# What the README and its pages link to lies beside them as it does in the sources.
set(pages ${CMAKE_INSTALL_DATADIR}/doc/xarexec)
install(FILES README.md SECURITY.md DESTINATION ${pages} COMPONENT xarexec)
install(DIRECTORY docs/ DESTINATION ${pages}/docs COMPONENT xarexec
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "man" EXCLUDE)
install(FILES libxar/FORMAT.md DESTINATION ${pages}/libxar COMPONENT xarexec)
