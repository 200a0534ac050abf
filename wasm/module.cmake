# core.wasm: the module that ships. A reactor (call _initialize once, then the four functions) that
# exports exactly wasm/exports.txt and imports exactly wasm/imports.txt: nothing.
add_executable(core ${door_sources} wasm/abort.cpp wasm/arena.cpp wasm/no_imports.c
  wasm/stack_guard.c)
set_target_properties(core PROPERTIES SUFFIX .wasm LINKER_LANGUAGE CXX
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/wasm/exports.txt)
target_include_directories(core PRIVATE bindings)
target_link_libraries(core PRIVATE slipway_core slipway_warnings)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS wasm/exports.txt)
file(STRINGS wasm/exports.txt exports REGEX "^[a-z]")
list(REMOVE_ITEM exports memory)
list(TRANSFORM exports PREPEND -Wl,--export=)

# The stack comes first in memory, so that an overflow traps instead of overwriting data. Sizes in
# bytes: 1 MiB of stack; 64 MiB in all, half of what a Worker may use.
target_link_options(core PRIVATE -mexec-model=reactor ${exports} -Wl,--strip-all
  -Wl,--stack-first -Wl,-z,stack-size=1048576 -Wl,--max-memory=67108864
  -Wl,--lto-O3)

# Link-time optimisation for what is ours and simdjson. The stand-ins for imports stay ordinary
# objects: the linker resolves the C library's references to them by name, after optimisation.
# With all classes in sight, virtual functions that nobody calls are left out.
set(CMAKE_CXX_COMPILE_OPTIONS_IPO -flto -fwhole-program-vtables -fvirtual-function-elimination)
set_target_properties(slipway_core simdjson PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
