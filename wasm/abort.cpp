// How core.wasm ends when it must not go on: a trap, without the C++ runtime's printed words, which
// nobody would read and which would bring the whole of printf into the module.
#include <cstdlib>

#if __has_include(<__verbose_abort>)
#include <__verbose_abort>

void std::__libcpp_verbose_abort(const char*, ...) noexcept { __builtin_trap(); }
#endif

extern "C" [[noreturn]] void __cxa_pure_virtual() { __builtin_trap(); }
