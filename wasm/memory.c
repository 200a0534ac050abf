/* memcpy, memmove, memset and memcmp for the texts of the core: mostly a few bytes long, for which
   V8's memory.copy and memory.fill, calls out of Wasm, cost more than the copying itself. Up to 32
   bytes all is read before anything is written, so that overlaps do not matter. */
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

typedef uint64_t __attribute__((aligned(1), may_alias)) u64;
typedef uint32_t __attribute__((aligned(1), may_alias)) u32;
typedef uint16_t __attribute__((aligned(1), may_alias)) u16;

/* Up to 32 bytes: two blocks, which meet or overlap in the middle. */
static inline __attribute__((always_inline)) void copy_short(uint8_t* to, const uint8_t* from,
                                                             size_t size) {
  if (size >= 16) {
    const v128_t head = wasm_v128_load(from);
    const v128_t tail = wasm_v128_load(from + size - 16);
    wasm_v128_store(to, head);
    wasm_v128_store(to + size - 16, tail);
  } else if (size >= 8) {
    const uint64_t head = *(const u64*)from;
    const uint64_t tail = *(const u64*)(from + size - 8);
    *(u64*)to = head;
    *(u64*)(to + size - 8) = tail;
  } else if (size >= 4) {
    const uint32_t head = *(const u32*)from;
    const uint32_t tail = *(const u32*)(from + size - 4);
    *(u32*)to = head;
    *(u32*)(to + size - 4) = tail;
  } else if (size >= 2) {
    const uint16_t head = *(const u16*)from;
    const uint8_t tail = from[size - 1];
    *(u16*)to = head;
    to[size - 1] = tail;
  } else if (size == 1) {
    *to = *from;
  }
}

void* memcpy(void* restrict target, const void* restrict source, size_t size) {
  uint8_t* to = target;
  const uint8_t* from = source;
  if (size <= 32) {
    copy_short(to, from, size);
    return target;
  }
  for (size_t at = 0; at < size - 16; at += 16) wasm_v128_store(to + at, wasm_v128_load(from + at));
  wasm_v128_store(to + size - 16, wasm_v128_load(from + size - 16));
  return target;
}

void* memmove(void* target, const void* source, size_t size) {
  uint8_t* to = target;
  const uint8_t* from = source;
  if (size <= 32) {
    copy_short(to, from, size);
  } else if (to < from) {
    const v128_t tail = wasm_v128_load(from + size - 16);
    for (size_t at = 0; at < size - 16; at += 16) {
      wasm_v128_store(to + at, wasm_v128_load(from + at));
    }
    wasm_v128_store(to + size - 16, tail);
  } else {
    const v128_t head = wasm_v128_load(from);
    for (size_t left = size; left > 16; left -= 16) {
      wasm_v128_store(to + left - 16, wasm_v128_load(from + left - 16));
    }
    wasm_v128_store(to, head);
  }
  return target;
}

void* memset(void* target, int byte, size_t size) {
  uint8_t* to = target;
  if (size < 16) {
    for (size_t at = 0; at < size; ++at) to[at] = (uint8_t)byte;
    return target;
  }
  const v128_t block = wasm_i8x16_splat((int8_t)byte);
  for (size_t at = 0; at < size - 16; at += 16) wasm_v128_store(to + at, block);
  wasm_v128_store(to + size - 16, block);
  return target;
}

int memcmp(const void* one, const void* other, size_t size) {
  const uint8_t* a = one;
  const uint8_t* b = other;
  for (; size >= 8; size -= 8, a += 8, b += 8) {
    const uint64_t left = *(const u64*)a;
    const uint64_t right = *(const u64*)b;
    if (left != right) return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
  }
  for (; size > 0; --size, ++a, ++b) {
    if (*a != *b) return *a < *b ? -1 : 1;
  }
  return 0;
}
