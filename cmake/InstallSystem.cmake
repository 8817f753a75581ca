# SPDX-License-Identifier: BSD-2-Clause
# What systemd offers to whoever wants it: cleaning by a timer, and a mount root. The
# places are systemd's, whatever the architecture's library folder is called.
foreach(kind system user)
  foreach(unit xar-clean.service xar-clean.timer)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/systemd/${kind}/${unit})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/systemd/${kind}/${unit})
    file(READ packaging/systemd/${kind}/${unit} text)
    string(REPLACE "=/usr/bin/" "=${CMAKE_INSTALL_FULL_BINDIR}/" text "${text}")
    file(CONFIGURE OUTPUT ${made} CONTENT "${text}" @ONLY)
    install(FILES ${made} DESTINATION lib/systemd/${kind} COMPONENT xarexec)
  endforeach()
endforeach()
install(FILES packaging/tmpfiles.d/xar.conf DESTINATION lib/tmpfiles.d COMPONENT xarexec)
