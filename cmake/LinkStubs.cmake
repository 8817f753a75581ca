# SPDX-License-Identifier: BSD-2-Clause
# What a static link would drag into a program that never uses it. Each of the sources
# defines functions that needed code refers to, and whose own definitions stand in objects
# of a library that refer to much more.
#
# That depends on how a library is cut into objects: where the object is needed for
# another function as well, this one is defined twice and the link fails. So each source is
# tried, and is only used where it links.

# xar_add_link_stubs(<target> <probe> <source>...): adds to the target those of the sources with
# which the probe links statically, a program that needs what the target does.
function(xar_add_link_stubs target probe)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  set(probe ${CMAKE_CURRENT_SOURCE_DIR}/${probe})
  xar_links_statically(XAR_LEAVES_OUT_ALL ${probe} ${sources})
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    if(NOT XAR_LEAVES_OUT_ALL)
      xar_links_statically(XAR_LEAVES_OUT_${name} ${probe} ${source})
    endif()
    if(XAR_LEAVES_OUT_ALL OR XAR_LEAVES_OUT_${name})
      target_sources(${target} PRIVATE ${source})
    else()
      message(STATUS "${target} will be larger: this machine's libraries do not link with ${source}")
    endif()
  endforeach()
endfunction()

# xar_links_statically(<result> <source>...): the result is cached.
function(xar_links_statically result)
  if(DEFINED ${result})
    return()
  endif()
  try_compile(${result} SOURCES ${ARGN} CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    LINK_OPTIONS -static LINK_LIBRARIES xar::fuse3 xar::sodium xar::zstd Threads::Threads)
endfunction()
