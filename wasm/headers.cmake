# Header-only libraries from the system, made visible one by one through links in the build tree.
# A cross build must never have /usr/include itself on its path: the host's libc would win there.
# Elsewhere installed? Point CMAKE_PREFIX_PATH at the prefix.

# slipway_header_library(<target> <header> <package>): an interface target for one library, found
# by <header> ("tl/expected.hpp"); <package> is what the message names when it is not there.
function(slipway_header_library target header package)
  find_path(${target}_root ${header} PATHS /usr/include /usr/local/include
    NO_CMAKE_FIND_ROOT_PATH)
  if(NOT ${target}_root)
    message(FATAL_ERROR "${header} is missing: install ${package}")
  endif()
  get_filename_component(directory ${header} DIRECTORY)
  set(include ${PROJECT_BINARY_DIR}/include/${target})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${${target}_root}/${directory} ${include}/${directory} SYMBOLIC)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${include})
endfunction()

slipway_header_library(slipway_headers_core tl/expected.hpp libexpected-dev)
slipway_header_library(slipway_headers_test doctest/doctest.h doctest-dev)
if(NOT SLIPWAY_WASM)
  slipway_header_library(slipway_headers_tools nlohmann/json.hpp nlohmann-json3-dev)
endif()
