# Sources merged into few units, so that templates and field tables are compiled once for many
# sources. That each also compiles alone is a longer run (tests/tidy).
set(SLIPWAY_MERGE NONE CACHE STRING "Which sources are compiled merged: ALL or NONE")

# slipway_merge(<variable> <name> <most> <source>...): the units to compile instead of the sources,
# at most <most> in each; the sources themselves where nothing is merged.
function(slipway_merge variable name most)
  if(NOT SLIPWAY_MERGE STREQUAL ALL)
    set(${variable} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  find_program(node_program node HINTS ${PROJECT_SOURCE_DIR}/node_modules/.bin
    NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  set(folder ${PROJECT_BINARY_DIR}/merged/${name})
  list(JOIN ARGN "\n" lines)
  file(WRITE ${folder}.txt "${lines}\n")
  set(program ${PROJECT_SOURCE_DIR}/scripts/lib/merge_sources.mjs)
  execute_process(COMMAND ${node_program} ${program} ${folder} ${most} ${folder}.txt
    OUTPUT_VARIABLE units OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "the sources of ${name} could not be merged")
  endif()
  # A source that keeps another name to itself may belong to another unit.
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
    CMAKE_CONFIGURE_DEPENDS ${ARGN} ${program})
  string(REPLACE "\n" ";" units "${units}")
  set(${variable} ${units} PARENT_SCOPE)
endfunction()
