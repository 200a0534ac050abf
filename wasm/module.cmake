# How sources become a module that stands alone. Both Wasm toolchains build from this description;
# wasm/wasi.cmake and wasm/emscripten.cmake say what each spells differently.

# Link-time optimisation for what is ours and simdjson. The stand-ins for imports stay ordinary
# objects: the linker resolves the C library's references to them by name, after optimisation.
# With all classes in sight, virtual functions that nobody calls are left out.
set(CMAKE_CXX_COMPILE_OPTIONS_IPO -flto -fwhole-program-vtables -fvirtual-function-elimination)
set_target_properties(slipway_core simdjson PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)

# slipway_reactor(<target> <exports> <source>...): a reactor (call _initialize once, then its other
# functions) over the core, on the heap and the stand-ins of this folder. It exports exactly those
# functions and its memory, and imports nothing.
#
# The stack comes first in memory, so that an overflow traps instead of overwriting data. Sizes in
# bytes: 1 MiB of stack; 64 MiB in all, half of what a Worker may use.
function(slipway_reactor target exports)
  list(TRANSFORM exports PREPEND -Wl,--export=)
  set(stand_ins abort.cpp arena.cpp memory.c no_imports.c ${SLIPWAY_MODULE_SOURCES})
  list(TRANSFORM stand_ins PREPEND ${PROJECT_SOURCE_DIR}/wasm/)
  add_executable(${target} ${ARGN} ${stand_ins})
  set_target_properties(${target} PROPERTIES SUFFIX .wasm LINKER_LANGUAGE CXX)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/bindings)
  target_link_libraries(${target} PRIVATE slipway_core slipway_warnings)
  set(stack_bytes 1048576)
  set(memory_bytes_max 67108864)
  string(CONFIGURE "${SLIPWAY_MODULE_LINK_OPTIONS}" toolchain_options @ONLY)
  target_link_options(${target} PRIVATE ${exports} -Wl,--stack-first -Wl,--lto-O3
    ${toolchain_options})
endfunction()

# core.wasm: the module that ships. It exports exactly wasm/exports.txt and imports exactly
# wasm/imports.txt: nothing. Anything else fails the build.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS wasm/exports.txt)
file(STRINGS wasm/exports.txt core_exports REGEX "^[a-z]")
list(REMOVE_ITEM core_exports memory)
slipway_reactor(core "${core_exports}" ${door_sources})
set_target_properties(core PROPERTIES
  LINK_DEPENDS "${PROJECT_SOURCE_DIR}/wasm/exports.txt;${PROJECT_SOURCE_DIR}/wasm/imports.txt")

find_program(node_program node HINTS ${PROJECT_SOURCE_DIR}/node_modules/.bin REQUIRED)
if(SLIPWAY_METADCE)
  add_custom_command(TARGET core POST_BUILD VERBATIM COMMAND ${node_program}
    ${PROJECT_SOURCE_DIR}/wasm/keep_exports.mjs ${SLIPWAY_METADCE} $<TARGET_FILE:core>)
endif()
add_custom_command(TARGET core POST_BUILD VERBATIM COMMAND ${node_program}
  ${PROJECT_SOURCE_DIR}/wasm/check_module.mjs $<TARGET_FILE:core>)
