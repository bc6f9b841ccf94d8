#include "CCandorKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// The set bits of a mask of 64 bytes become places, eight at a time: how many there are is asked
/// once for eight (Langdale and Lemire, "Parsing gigabytes of JSON per second", The VLDB Journal 28,
/// 2019, section 3.1.1).
__attribute__((target("avx2,bmi"), always_inline)) static inline uint32_t *put_places(
  uint64_t found, uint32_t base, uint32_t *next) {
  int count = __builtin_popcountll(found);
  uint32_t *end = next + count;
  while (count > 0) {
    for (int k = 0; k < 8; k++) {
      next[k] = base + (uint32_t)_tzcnt_u64(found);
      found = _blsr_u64(found);
    }
    next += 8;
    count -= 8;
  }
  return end;
}

__attribute__((target("avx2,bmi"))) static size_t find_by_32(
  const uint8_t *text, size_t start, size_t end, uint8_t delimiter, uint32_t *places) {
  const __m256i delimiters = _mm256_set1_epi8((char)delimiter);
  const __m256i feeds = _mm256_set1_epi8('\n');
  uint32_t *next = places;
  size_t p = start;
  for (; p + 64 <= end; p += 64) {
    __m256i a = _mm256_loadu_si256((const __m256i *)(text + p));
    __m256i b = _mm256_loadu_si256((const __m256i *)(text + p + 32));
    a = _mm256_or_si256(_mm256_cmpeq_epi8(a, delimiters), _mm256_cmpeq_epi8(a, feeds));
    b = _mm256_or_si256(_mm256_cmpeq_epi8(b, delimiters), _mm256_cmpeq_epi8(b, feeds));
    uint64_t found =
      (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
    next = put_places(found, (uint32_t)p, next);
  }
  for (; p < end; p++) {
    if (text[p] == delimiter || text[p] == '\n') { *next++ = (uint32_t)p; }
  }
  return (size_t)(next - places);
}

/// The numbers of the set bits are packed to the front of a vector of bytes, of which the first
/// sixteen, and with more the next ones, are widened and stored.
__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2"), always_inline)) static inline
  uint32_t *put_packed(uint64_t found, size_t base, __m512i numbers, uint32_t *next) {
  const __m512i first = _mm512_set1_epi32((int)base);
  const __m512i packed = _mm512_maskz_compress_epi8(found, numbers);
  const int count = __builtin_popcountll(found);
  _mm512_storeu_si512(
    next, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
  if (count > 16) {
    _mm512_storeu_si512(
      next + 16,
      _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
    if (count > 32) {
      _mm512_storeu_si512(
        next + 32,
        _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
    }
    if (count > 48) {
      _mm512_storeu_si512(
        next + 48,
        _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
    }
  }
  return next + count;
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2"))) static size_t find_by_64(
  const uint8_t *text, size_t start, size_t end, uint8_t delimiter, uint32_t *places) {
  const __m512i delimiters = _mm512_set1_epi8((char)delimiter);
  const __m512i feeds = _mm512_set1_epi8('\n');
  static const uint8_t counting[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i numbers = _mm512_loadu_si512(counting);
  uint32_t *next = places;
  size_t p = start;
  for (; p + 64 <= end; p += 64) {
    const __m512i block = _mm512_loadu_si512(text + p);
    const uint64_t found =
      _mm512_cmpeq_epi8_mask(block, delimiters) | _mm512_cmpeq_epi8_mask(block, feeds);
    next = put_packed(found, p, numbers, next);
  }
  if (p < end) {
    const __mmask64 inside = ~(uint64_t)0 >> (64 - (end - p));
    const __m512i block = _mm512_maskz_loadu_epi8(inside, text + p);
    const uint64_t found = _mm512_mask_cmpeq_epi8_mask(inside, block, delimiters) |
                           _mm512_mask_cmpeq_epi8_mask(inside, block, feeds);
    next = put_packed(found, p, numbers, next);
  }
  return (size_t)(next - places);
}
#endif

size_t candor_find_separators(
  int32_t level, const uint8_t *text, size_t start, size_t end, uint8_t delimiter,
  uint32_t *places) {
#if defined(__x86_64__)
  if (level >= 2) { return find_by_64(text, start, end, delimiter, places); }
  if (level == 1) { return find_by_32(text, start, end, delimiter, places); }
#endif
  size_t count = 0;
  for (size_t p = start; p < end; p++) {
    if (text[p] == delimiter || text[p] == '\n') { places[count++] = (uint32_t)p; }
  }
  return count;
}
