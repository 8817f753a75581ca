# SPDX-License-Identifier: BSD-2-Clause
# Language level, warnings and sanitizers: one interface target that every
# target of the project links, and nothing that leaks to who uses libxar.
add_library(xar_settings INTERFACE)
target_compile_features(xar_settings INTERFACE cxx_std_20)
target_compile_definitions(xar_settings INTERFACE _FILE_OFFSET_BITS=64)
target_compile_options(xar_settings INTERFACE -Wall -Wextra -Wconversion -Wshadow
  -Wnon-virtual-dtor -fno-common $<$<BOOL:${XAR_WERROR}>:-Werror>)

if(XAR_SANITIZE)
  target_compile_options(xar_settings INTERFACE
    -fsanitize=${XAR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # GCC's documentation: sanitizers give this warning false positives.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(xar_settings INTERFACE -fsanitize=${XAR_SANITIZE})
endif()
# Static dependencies are listed for every link; a dynamic one keeps what it uses.
target_link_options(xar_settings INTERFACE -Wl,--as-needed)
