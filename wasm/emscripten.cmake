# Toolchain for WebAssembly by Emscripten: Debian's, or, when EMSDK is set in the environment, the
# one of that official SDK. It builds the same standalone module as wasi.cmake; no JavaScript.
set(CMAKE_SYSTEM_NAME Emscripten)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(SLIPWAY_WASM ON)

if(DEFINED ENV{EMSDK} AND NOT "$ENV{EMSDK}" STREQUAL "")
  set(tools $ENV{EMSDK}/upstream/emscripten/)
endif()
set(CMAKE_C_COMPILER ${tools}emcc)
set(CMAKE_CXX_COMPILER ${tools}em++)
set(CMAKE_AR ${tools}emar)
set(CMAKE_RANLIB ${tools}emranlib)
unset(tools)

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# The module, beside what wasm/module.cmake says of both. Data begin where the stack ends.
find_program(SLIPWAY_METADCE wasm-metadce HINTS $ENV{EMSDK}/upstream/bin REQUIRED)
set(SLIPWAY_MODULE_LINK_OPTIONS -sSTANDALONE_WASM --no-entry
  -sTOTAL_STACK=@stack_bytes@ -sGLOBAL_BASE=@stack_bytes@
  -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=2097152 -sMAXIMUM_MEMORY=@memory_bytes_max@)
