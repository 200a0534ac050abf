# Toolchain for WebAssembly: Debian's clang-22 with wasi-libc, or, when WASI_SDK_PATH is set in the
# environment, that official wasi-sdk (version 25 or later).
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(SLIPWAY_WASM ON)

if(DEFINED ENV{WASI_SDK_PATH} AND NOT "$ENV{WASI_SDK_PATH}" STREQUAL "")
  set(triple wasm32-wasip1)
  set(CMAKE_C_COMPILER $ENV{WASI_SDK_PATH}/bin/clang)
  set(CMAKE_CXX_COMPILER $ENV{WASI_SDK_PATH}/bin/clang++)
  set(CMAKE_AR $ENV{WASI_SDK_PATH}/bin/llvm-ar)
  set(CMAKE_RANLIB $ENV{WASI_SDK_PATH}/bin/llvm-ranlib)
  set(CMAKE_SYSROOT $ENV{WASI_SDK_PATH}/share/wasi-sysroot)
else()
  # Debian's headers lie under this older name, which clang accepts with a warning.
  set(triple wasm32-wasi)
  set(CMAKE_C_COMPILER clang-22)
  set(CMAKE_CXX_COMPILER clang++-22)
  set(CMAKE_AR llvm-ar-22)
  set(CMAKE_RANLIB llvm-ranlib-22)
  set(SLIPWAY_WASM_SHIM ${CMAKE_CURRENT_LIST_DIR}/shim)
  set(CMAKE_C_FLAGS_INIT -Wno-deprecated)
  set(CMAKE_CXX_FLAGS_INIT -Wno-deprecated)
endif()
set(CMAKE_C_COMPILER_TARGET ${triple})
set(CMAKE_CXX_COMPILER_TARGET ${triple})

# Without this, the driver runs whichever wasm-opt is on PATH: another machine, another module.
set(CMAKE_EXE_LINKER_FLAGS_INIT --no-wasm-opt)

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# The module, beside what wasm/module.cmake says of both.
set(SLIPWAY_MODULE_SOURCES stack_guard.c)
set(SLIPWAY_MODULE_LINK_OPTIONS -mexec-model=reactor -Wl,--strip-all
  -Wl,-z,stack-size=@stack_bytes@ -Wl,--max-memory=@memory_bytes_max@)
