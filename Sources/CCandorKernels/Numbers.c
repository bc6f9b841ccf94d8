#include "CCandorKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd")))

WIDE static size_t range_by_8(const double *numbers, size_t count, double *low, double *high) {
  const __m512d infinity = _mm512_set1_pd(__builtin_inf());
  const __m512d below = _mm512_set1_pd(-__builtin_inf());
  __m512d lows = infinity;
  __m512d highs = below;
  size_t missing = 0;
  for (size_t i = 0; i < count; i += 8) {
    const __mmask8 inside = count - i >= 8 ? 0xFF : (__mmask8)((1 << (count - i)) - 1);
    const __m512d x = _mm512_maskz_loadu_pd(inside, numbers + i);
    const __mmask8 present = _mm512_mask_cmp_pd_mask(inside, x, x, _CMP_ORD_Q);
    missing += (size_t)__builtin_popcount(inside & ~present);
    lows = _mm512_mask_min_pd(lows, present, lows, x);
    highs = _mm512_mask_max_pd(highs, present, highs, x);
  }
  *low = _mm512_reduce_min_pd(lows);
  *high = _mm512_reduce_max_pd(highs);
  return missing;
}

/// As `DistinctNumbersKernel` does it: a number of at most 2⁵¹ units plus 1.5 · 2⁵² is rounded to a
/// whole one, which the low bits of the sum hold.
WIDE __attribute__((always_inline)) static inline ptrdiff_t mark_by_8(
  const double *numbers, size_t count, double scale, int64_t low, int64_t limit, uint8_t *bytes,
  uint64_t *words, double *rest, size_t room) {
  const double rounder = 0x1.8p52;
  const __m512d factor = _mm512_set1_pd(scale);
  const __m512d shift = _mm512_set1_pd(rounder);
  const __m512i base = _mm512_add_epi64(
    _mm512_castpd_si512(shift), _mm512_set1_epi64(low));
  const __m512i end = _mm512_set1_epi64(limit);
  size_t others = 0;
  for (size_t i = 0; i < count; i += 8) {
    const __mmask8 inside = count - i >= 8 ? 0xFF : (__mmask8)((1 << (count - i)) - 1);
    const __m512d x = _mm512_maskz_loadu_pd(inside, numbers + i);
    const __mmask8 present = _mm512_mask_cmp_pd_mask(inside, x, x, _CMP_ORD_Q);
    const __m512d sum = _mm512_add_pd(_mm512_mul_pd(x, factor), shift);
    const __m512d units = _mm512_sub_pd(sum, shift);
    __m512i place = _mm512_sub_epi64(_mm512_castpd_si512(sum), base);
    __mmask8 marked =
      _mm512_mask_cmp_pd_mask(present, _mm512_div_pd(units, factor), x, _CMP_EQ_OQ);
    marked = _mm512_mask_cmplt_epu64_mask(marked, place, end);
    if (marked != present) {
      const __mmask8 left = present & (__mmask8)~marked;
      _mm512_storeu_pd(rest + others, _mm512_maskz_compress_pd(left, x));
      others += (size_t)__builtin_popcount(left);
      if (others > room) { return -1; }
    }
    // What is not to be marked has the place behind the last one.
    place = _mm512_mask_mov_epi64(end, marked, place);
    uint64_t at[8];
    _mm512_storeu_si512(at, place);
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
      if (bytes) {
        bytes[at[k]] = 1;
      } else {
        words[at[k] >> 6] |= (uint64_t)1 << (at[k] & 63);
      }
    }
  }
  return (ptrdiff_t)others;
}

WIDE static ptrdiff_t mark_bytes(
  const double *numbers, size_t count, double scale, int64_t low, int64_t limit, uint8_t *bytes,
  double *rest, size_t room) {
  return mark_by_8(numbers, count, scale, low, limit, bytes, 0, rest, room);
}

WIDE static ptrdiff_t mark_bits(
  const double *numbers, size_t count, double scale, int64_t low, int64_t limit, uint64_t *words,
  double *rest, size_t room) {
  return mark_by_8(numbers, count, scale, low, limit, 0, words, rest, room);
}
#endif

size_t candor_number_range(
  const double *numbers, size_t count, double *low, double *high) {
#if defined(__x86_64__)
  return range_by_8(numbers, count, low, high);
#else
  return 0;
#endif
}

ptrdiff_t candor_mark_numbers(
  const double *numbers, size_t count, double scale, int64_t low, int64_t limit, uint8_t *bytes,
  uint64_t *words, double *rest, size_t room) {
#if defined(__x86_64__)
  return bytes ? mark_bytes(numbers, count, scale, low, limit, bytes, rest, room)
               : mark_bits(numbers, count, scale, low, limit, words, rest, room);
#else
  return -1;
#endif
}
