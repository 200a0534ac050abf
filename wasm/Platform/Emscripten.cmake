# Makes the system name known to CMake, which asks for a file of this name; there is nothing to set.
set(EMSCRIPTEN TRUE)
