// slipway_door: the native core as a program, for holding it against the Wasm builds.
//
// Reads input frames from standard input and writes output frames to standard output, each after
// its length as a little-endian u32. Frames run in a child process. One that traps ends the child:
// the parent answers `trapped` in place of a length and goes on with a new child. What a sanitizer
// reports is no trap: the program ends with its exit code.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "door.h"

namespace {

/// Written in place of a length.
constexpr uint32_t trapped = 0xffff'ffff;

/// Exit code of a child that met a broken pipe or half a frame.
constexpr int broken_stream = 3;

/// Reads exactly `size` bytes; the child takes no byte of the next frame, which may be another's.
/// False at the end of the input before the first byte.
bool read_all(uint8_t* to, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t got = read(STDIN_FILENO, to + done, size - done);
    if (got == 0 && done == 0) return false;
    if (got <= 0) _exit(broken_stream);
    done += static_cast<size_t>(got);
  }
  return true;
}

void write_all(const uint8_t* from, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t put = write(STDOUT_FILENO, from + done, size - done);
    if (put <= 0) _exit(broken_stream);
    done += static_cast<size_t>(put);
  }
}

bool read_length(uint32_t& length) {
  uint8_t bytes[4] = {};
  if (!read_all(bytes, sizeof bytes)) return false;
  length = 0;
  for (size_t i = sizeof bytes; i-- > 0;) length = length << 8 | bytes[i];
  return true;
}

void write_length(uint32_t length) {
  uint8_t bytes[4] = {};
  for (uint8_t& byte : bytes) {
    byte = static_cast<uint8_t>(length);
    length >>= 8;
  }
  write_all(bytes, sizeof bytes);
}

/// Answers frames until the input ends. A trap must look the same with and without sanitizers,
/// which would report it in their own way.
[[noreturn]] void serve() {
  (void)signal(SIGILL, SIG_DFL);
  for (uint32_t size = 0; read_length(size);) {
    if (size > 0 && !read_all(core_input(size), size)) _exit(broken_stream);
    if (size == 0) (void)core_input(0);
    const uint32_t answer = core_step(size);
    write_length(answer);
    write_all(core_output(), answer);
  }
  _exit(0);
}

/// Whether a child that this signal ended has trapped: by itself, or in the C++ library, whose
/// refusals (`substr` past the end) are traps in Wasm, too.
bool is_trap(int signal_number) { return signal_number == SIGILL || signal_number == SIGABRT; }

}  // namespace

int main() {
  for (;;) {
    const pid_t child = fork();
    if (child < 0) return broken_stream;
    if (child == 0) serve();
    int status = 0;
    if (waitpid(child, &status, 0) != child) return broken_stream;
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (!is_trap(WTERMSIG(status))) return 128 + WTERMSIG(status);
    write_length(trapped);
  }
}
