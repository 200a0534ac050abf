/* Stand-ins for the functions of the host that libc refers to, so that the module imports nothing.
   The core does no I/O: reading the environment finds it empty, and everything else is a bug,
   which traps. The names and types are those of the C library's own import declarations. */
#include <stddef.h>
#include <stdint.h>

#if defined(__EMSCRIPTEN__)
#define WASI_FUNCTION(name) __wasi_##name
#else
#define WASI_FUNCTION(name) __imported_wasi_snapshot_preview1_##name
#endif

#define WASI_SUCCESS 0

int32_t WASI_FUNCTION(environ_sizes_get)(int32_t count, int32_t size) {
  *(uint32_t*)(uintptr_t)count = 0;
  *(uint32_t*)(uintptr_t)size = 0;
  return WASI_SUCCESS;
}

int32_t WASI_FUNCTION(environ_get)(int32_t entries, int32_t text) {
  (void)entries;
  (void)text;
  return WASI_SUCCESS;
}

_Noreturn void WASI_FUNCTION(proc_exit)(int32_t code) {
  (void)code;
  __builtin_trap();
}

int32_t WASI_FUNCTION(fd_close)(int32_t fd) {
  (void)fd;
  __builtin_trap();
}

int32_t WASI_FUNCTION(fd_fdstat_get)(int32_t fd, int32_t stat) {
  (void)fd;
  (void)stat;
  __builtin_trap();
}

int32_t WASI_FUNCTION(fd_seek)(int32_t fd, int64_t offset, int32_t whence, int32_t position) {
  (void)fd;
  (void)offset;
  (void)whence;
  (void)position;
  __builtin_trap();
}

int32_t WASI_FUNCTION(fd_write)(int32_t fd, int32_t pieces, int32_t count, int32_t written) {
  (void)fd;
  (void)pieces;
  (void)count;
  (void)written;
  __builtin_trap();
}

#if defined(__EMSCRIPTEN__)
/* Told after every growth. A host makes its views anew after each call, so it need not know. */
void emscripten_notify_memory_growth(size_t memory) { (void)memory; }
#endif
