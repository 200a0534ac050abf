// The heap of core.wasm: an arena that every call begins anew.
//
// The core keeps nothing between calls, so nothing needs to be freed one by one: allocating is an
// addition, freeing is nothing, and destructors that only free memory vanish from the module. A
// call's memory is the sum of what it allocates; the module's limit is set in module.cmake.
#include <cstddef>
#include <cstdint>
#include <new>

#include "c/heap.h"

extern "C" unsigned char __heap_base;

namespace {

constexpr uintptr_t alignment = 16;
constexpr uintptr_t page_bytes = 65536;
/// Memory is asked for in blocks of this many pages at least: growing is a call to the host.
constexpr uintptr_t growth_pages_min = 8;

/// The next free byte, aligned. The linker puts the heap's base on such an address.
uintptr_t top = reinterpret_cast<uintptr_t>(&__heap_base);
uintptr_t memory_end = 0;

constexpr uintptr_t aligned(uintptr_t address, uintptr_t to) {
  return (address + to - 1) & ~(to - 1);
}

/// Makes the memory reach `top`.
[[gnu::noinline]] void grow() {
  memory_end = __builtin_wasm_memory_size(0) * page_bytes;
  if (top <= memory_end) return;
  const uintptr_t missing = aligned(top - memory_end, page_bytes) / page_bytes;
  const uintptr_t pages = missing > growth_pages_min ? missing : growth_pages_min;
  if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX &&
      __builtin_wasm_memory_grow(0, missing) == SIZE_MAX) {
    __builtin_trap();
  }
  memory_end = __builtin_wasm_memory_size(0) * page_bytes;
}

void* allocate(size_t size) {
  const uintptr_t at = top;
  const uintptr_t next = aligned(at + size, alignment);
  if (next < at) __builtin_trap();
  top = next;
  if (top > memory_end) grow();
  return reinterpret_cast<void*>(at);
}

}  // namespace

extern "C" void heap_begin_call(void) { top = reinterpret_cast<uintptr_t>(&__heap_base); }

void* operator new(size_t size) { return allocate(size); }
void* operator new[](size_t size) { return allocate(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void*) noexcept {}
void operator delete[](void*) noexcept {}
void operator delete(void*, size_t) noexcept {}
void operator delete[](void*, size_t) noexcept {}
void operator delete(void*, const std::nothrow_t&) noexcept {}
void operator delete[](void*, const std::nothrow_t&) noexcept {}

// A type of more than ordinary alignment, which is less in one toolchain than in the other.
void* operator new(size_t size, std::align_val_t to) {
  if (static_cast<size_t>(to) > alignment) __builtin_trap();
  return allocate(size);
}
void* operator new[](size_t size, std::align_val_t to) { return operator new(size, to); }
void operator delete(void*, std::align_val_t) noexcept {}
void operator delete[](void*, std::align_val_t) noexcept {}
void operator delete(void*, size_t, std::align_val_t) noexcept {}
void operator delete[](void*, size_t, std::align_val_t) noexcept {}
