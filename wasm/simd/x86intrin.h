/* The SSE intrinsics that simdjson's westmere kernel is written in, over Wasm's 128-bit SIMD.
   simdjson has no kernel for Wasm; this header stands where its compiler's own would, so that the
   library's source stays as it is. Each function has the meaning of Intel's intrinsics guide,
   except where its comment narrows it to what the kernel asks for. */
#pragma once

#include <stdint.h>
#include <wasm_simd128.h>

typedef v128_t __m128i;

#define SLIPWAY_INTRINSIC static inline __attribute__((always_inline))

/* Memory and constants. */

SLIPWAY_INTRINSIC __m128i _mm_loadu_si128(const __m128i* from) { return wasm_v128_load(from); }
SLIPWAY_INTRINSIC void _mm_storeu_si128(__m128i* to, __m128i a) { wasm_v128_store(to, a); }
SLIPWAY_INTRINSIC __m128i _mm_setzero_si128(void) { return wasm_i64x2_const_splat(0); }
SLIPWAY_INTRINSIC __m128i _mm_set1_epi8(char a) { return wasm_i8x16_splat((int8_t)a); }
SLIPWAY_INTRINSIC __m128i _mm_set_epi64x(int64_t high, int64_t low) {
  return wasm_i64x2_make(low, high);
}
SLIPWAY_INTRINSIC __m128i _mm_set_epi32(int32_t d, int32_t c, int32_t b, int32_t a) {
  return wasm_i32x4_make(a, b, c, d);
}
#define _mm_setr_epi8(...) wasm_i8x16_make(__VA_ARGS__)
#define _mm_setr_epi16(...) wasm_i16x8_make(__VA_ARGS__)
SLIPWAY_INTRINSIC int _mm_cvtsi128_si32(__m128i a) { return wasm_i32x4_extract_lane(a, 0); }
SLIPWAY_INTRINSIC int64_t _mm_cvtsi128_si64(__m128i a) { return wasm_i64x2_extract_lane(a, 0); }

/* Bits. */

SLIPWAY_INTRINSIC __m128i _mm_and_si128(__m128i a, __m128i b) { return wasm_v128_and(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_or_si128(__m128i a, __m128i b) { return wasm_v128_or(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_xor_si128(__m128i a, __m128i b) { return wasm_v128_xor(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_andnot_si128(__m128i a, __m128i b) { return wasm_v128_andnot(b, a); }
SLIPWAY_INTRINSIC int _mm_testz_si128(__m128i a, __m128i b) {
  return !wasm_v128_any_true(wasm_v128_and(a, b));
}
SLIPWAY_INTRINSIC int _mm_movemask_epi8(__m128i a) { return (int)wasm_i8x16_bitmask(a); }
SLIPWAY_INTRINSIC __m128i _mm_slli_epi16(__m128i a, int by) {
  return wasm_i16x8_shl(a, (uint32_t)by);
}
SLIPWAY_INTRINSIC __m128i _mm_srli_epi16(__m128i a, int by) {
  return wasm_u16x8_shr(a, (uint32_t)by);
}

/* Bytes. */

SLIPWAY_INTRINSIC __m128i _mm_add_epi8(__m128i a, __m128i b) { return wasm_i8x16_add(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_sub_epi8(__m128i a, __m128i b) { return wasm_i8x16_sub(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_adds_epu8(__m128i a, __m128i b) { return wasm_u8x16_add_sat(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_subs_epu8(__m128i a, __m128i b) { return wasm_u8x16_sub_sat(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_max_epu8(__m128i a, __m128i b) { return wasm_u8x16_max(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_min_epu8(__m128i a, __m128i b) { return wasm_u8x16_min(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_max_epi8(__m128i a, __m128i b) { return wasm_i8x16_max(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_min_epi8(__m128i a, __m128i b) { return wasm_i8x16_min(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_cmpeq_epi8(__m128i a, __m128i b) { return wasm_i8x16_eq(a, b); }
SLIPWAY_INTRINSIC __m128i _mm_cmpgt_epi8(__m128i a, __m128i b) { return wasm_i8x16_gt(a, b); }

/* An index with its top bit set gives 0, any other counts by its low four bits. Wasm gives 0 for
   every index above 15. */
SLIPWAY_INTRINSIC __m128i _mm_shuffle_epi8(__m128i table, __m128i index) {
  return wasm_i8x16_swizzle(table, wasm_v128_and(index, wasm_i8x16_const_splat((int8_t)0x8F)));
}

/* The 16 bytes that begin `n` bytes into b followed by a; n is a constant from 0 to 16. */
#define _mm_alignr_epi8(a, b, n)                                                                   \
  wasm_i8x16_shuffle((b), (a), (n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7, \
                     (n) + 8, (n) + 9, (n) + 10, (n) + 11, (n) + 12, (n) + 13, (n) + 14, (n) + 15)

/* Sums of products. */

SLIPWAY_INTRINSIC __m128i _mm_maddubs_epi16(__m128i a, __m128i b) {
  const __m128i even = wasm_i16x8_mul(wasm_v128_and(a, wasm_i16x8_const_splat(0xFF)),
                                      wasm_i16x8_shr(wasm_i16x8_shl(b, 8), 8));
  const __m128i odd = wasm_i16x8_mul(wasm_u16x8_shr(a, 8), wasm_i16x8_shr(b, 8));
  return wasm_i16x8_add_sat(even, odd);
}
SLIPWAY_INTRINSIC __m128i _mm_madd_epi16(__m128i a, __m128i b) {
  return wasm_i32x4_dot_i16x8(a, b);
}
SLIPWAY_INTRINSIC __m128i _mm_packus_epi32(__m128i a, __m128i b) {
  return wasm_u16x8_narrow_i32x4(a, b);
}

/* The low half of the carry-less product of a's low half and all ones, the one multiplier that
   the kernel uses: bit i of the result is the exclusive or of bits 0 to i of a. */
SLIPWAY_INTRINSIC __m128i _mm_clmulepi64_si128(__m128i a, __m128i all_ones, int halves) {
  (void)all_ones;
  (void)halves;
  uint64_t bits = (uint64_t)wasm_i64x2_extract_lane(a, 0);
  for (int by = 1; by < 64; by *= 2) bits ^= bits << by;
  return wasm_i64x2_make((int64_t)bits, 0);
}

/* Words. */

SLIPWAY_INTRINSIC long long _popcnt64(long long a) {
  return __builtin_popcountll((unsigned long long)a);
}
SLIPWAY_INTRINSIC uint64_t _umul128(uint64_t a, uint64_t b, uint64_t* high) {
  const __uint128_t product = (__uint128_t)a * b;
  *high = (uint64_t)(product >> 64);
  return (uint64_t)product;
}
