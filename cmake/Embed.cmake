# SPDX-License-Identifier: BSD-2-Clause
# xar_embed(<header> <namespace> <constant> <file> [<constant> <file>]...): a header with
# files of the source tree as string constants, so that scripts stay scripts.
function(xar_embed header namespace)
  set(text "// Generated from the files that the constants are named after.\n#pragma once\n\n")
  string(APPEND text "#include <string_view>\n\nnamespace ${namespace} {\n")
  while(ARGN)
    list(POP_FRONT ARGN constant file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} content)
    string(APPEND text "\ninline constexpr std::string_view ${constant} = R\"embedded(${content})embedded\";\n")
  endwhile()
  string(APPEND text "\n}  // namespace ${namespace}\n")
  file(CONFIGURE OUTPUT ${header} CONTENT "${text}" @ONLY)
endfunction()
