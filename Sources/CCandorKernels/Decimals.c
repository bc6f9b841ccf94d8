#include "CCandorKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd")))

WIDE __attribute__((always_inline)) static inline uint64_t load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

/// Eight digits in each lane, the first in the lowest byte, as a number: neighbours are joined to
/// pairs, fours and eights.
WIDE __attribute__((always_inline)) static inline __m512i eight_digits(__m512i digits) {
  const __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010A));
  const __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
  return _mm512_add_epi64(
    _mm512_mul_epu32(fours, _mm512_set1_epi64(10000)), _mm512_srli_epi64(fours, 32));
}

/// The lanes of which a byte is set in a mask of bytes.
WIDE __attribute__((always_inline)) static inline __mmask8 lanes(__mmask64 bytes) {
  const __m512i full = _mm512_movm_epi8(bytes);
  return _mm512_test_epi64_mask(full, full);
}

/// Each lane is one cell: its last eight bytes in `high`, the eight before in `low`, less `0`, zeros
/// where the cell is shorter. `DecimalKernel` says what is done; here no step asks what a cell is.
WIDE static size_t read_by_8(
  const uint8_t *text, const uint32_t *ends, size_t cell, size_t width, size_t from, size_t rows,
  uint8_t decimal, double *numbers, int32_t *hasNumber) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i one = _mm512_set1_epi64(1);
  const __m512i all = _mm512_set1_epi64(-1);
  const __m512i digitZero = _mm512_set1_epi8('0');
  const __m512i nine = _mm512_set1_epi8(9);
  const __m512i minus = _mm512_set1_epi8('-' ^ '0');
  const __m512i point = _mm512_set1_epi8((char)(decimal ^ '0'));
  const __m512i firstByte = _mm512_set1_epi64(0xFF);
  const __m512d powers = _mm512_setr_pd(1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7);
  __mmask8 present = 0;
  size_t row = from;
  for (; row + 8 <= rows; row += 8) {
    uint64_t pair[8];
    uint64_t word[8];
    const uint8_t *last[8];
    const uint32_t *at = ends + cell + row * width;
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
      pair[k] = load((const uint8_t *)(at + (size_t)k * width));
      // Else the compiler gathers these words into a vector and takes that apart again.
      __asm__("" : "+r"(pair[k]));
      last[k] = text + (pair[k] >> 32) - 8;
      word[k] = load(last[k]);
    }
    const __m512i pairs = _mm512_set_epi64(
      (long long)pair[7], (long long)pair[6], (long long)pair[5], (long long)pair[4],
      (long long)pair[3], (long long)pair[2], (long long)pair[1], (long long)pair[0]);
    __m512i high = _mm512_set_epi64(
      (long long)word[7], (long long)word[6], (long long)word[5], (long long)word[4],
      (long long)word[3], (long long)word[2], (long long)word[1], (long long)word[0]);
    const __m512i end = _mm512_srli_epi64(pairs, 32);
    const __m512i start = _mm512_and_si512(pairs, _mm512_set1_epi64(0xFFFFFFFF));
    const __m512i length = _mm512_sub_epi64(_mm512_sub_epi64(end, start), one);
    const __m512i bits = _mm512_slli_epi64(length, 3);
    const __mmask8 isPresent = _mm512_test_epi64_mask(length, length);
    const __mmask8 isLong = _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(8));
    __mmask8 isOdd = _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(16));

    // A shift of 64 bits or more leaves nothing.
    const __m512i highShift =
      _mm512_max_epi64(_mm512_sub_epi64(_mm512_set1_epi64(64), bits), zero);
    high = _mm512_and_si512(_mm512_xor_si512(high, digitZero), _mm512_sllv_epi64(all, highShift));
    const __m512i highFirst =
      _mm512_maskz_sllv_epi64((__mmask8)~isLong, firstByte, highShift);
    __mmask8 isNegative = _mm512_mask_cmpeq_epi64_mask(
      isPresent & (__mmask8)~isLong, _mm512_and_si512(high, highFirst),
      _mm512_and_si512(minus, highFirst));
    __mmask8 startsWithZero = _mm512_mask_testn_epi64_mask(
      isPresent & (__mmask8)~isLong, high, highFirst);
    high = _mm512_mask_andnot_epi64(high, isNegative, highFirst, high);

    __m512i low = zero;
    if (isLong) {
      uint64_t before[8];
#pragma clang loop unroll(full)
      for (int k = 0; k < 8; k++) { before[k] = load(last[k] - 8); }
      low = _mm512_set_epi64(
        (long long)before[7], (long long)before[6], (long long)before[5], (long long)before[4],
        (long long)before[3], (long long)before[2], (long long)before[1], (long long)before[0]);
      const __m512i lowShift = _mm512_sub_epi64(_mm512_set1_epi64(128), bits);
      low = _mm512_maskz_and_epi64(
        isLong, _mm512_xor_si512(low, digitZero), _mm512_sllv_epi64(all, lowShift));
      const __m512i lowFirst = _mm512_sllv_epi64(firstByte, lowShift);
      const __mmask8 isLowNegative = _mm512_mask_cmpeq_epi64_mask(
        isLong, _mm512_and_si512(low, lowFirst), _mm512_and_si512(minus, lowFirst));
      startsWithZero |= _mm512_mask_testn_epi64_mask(isLong, low, lowFirst);
      low = _mm512_mask_andnot_epi64(low, isLowNegative, lowFirst, low);
      isNegative |= isLowNegative;
    }

    // The first decimal sign is taken out by moving the bytes before it up by one.
    const __m512i signs = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(high, point));
    const __mmask8 hasSign = _mm512_test_epi64_mask(signs, signs);
    const __m512i signBit = _mm512_and_si512(signs, _mm512_sub_epi64(zero, signs));
    const __m512i beforeSign = _mm512_sub_epi64(signBit, one);
    const __m512i upToSign =
      _mm512_or_si512(beforeSign, _mm512_sub_epi64(_mm512_slli_epi64(signBit, 8), signBit));
    __m512i moved = _mm512_or_si512(
      _mm512_andnot_si512(upToSign, high),
      _mm512_slli_epi64(_mm512_and_si512(high, beforeSign), 8));
    if (isLong) {
      moved = _mm512_or_si512(moved, _mm512_srli_epi64(low, 56));
      low = _mm512_mask_slli_epi64(low, hasSign, low, 8);
    }
    high = _mm512_mask_mov_epi64(high, hasSign, moved);

    __m512i digits = _mm512_mask_sub_epi64(length, isNegative, length, one);
    digits = _mm512_mask_sub_epi64(digits, hasSign, digits, one);
    isOdd |= _mm512_mask_cmplt_epi64_mask(isPresent, digits, one);
    // Whole digits behind a leading zero may be a name.
    isOdd |= startsWithZero & (__mmask8)~hasSign &
             _mm512_cmpgt_epi64_mask(length, one);
    const __mmask64 strange = _mm512_cmpgt_epu8_mask(_mm512_max_epu8(high, low), nine);
    if (strange) { isOdd |= lanes(strange); }

    __m512i units = eight_digits(high);
    if (isLong) {
      units = _mm512_add_epi64(
        units, _mm512_mul_epu32(eight_digits(low), _mm512_set1_epi64(100000000)));
      isOdd |= _mm512_cmpge_epu64_mask(units, _mm512_set1_epi64(1LL << 52));
    }
    const __m512i places = _mm512_srli_epi64(_mm512_lzcnt_epi64(signBit), 3);
    __m512d value = _mm512_div_pd(
      _mm512_cvtepu64_pd(units), _mm512_permutexvar_pd(places, powers));
    value = _mm512_castsi512_pd(_mm512_mask_or_epi64(
      _mm512_castpd_si512(value), isNegative, _mm512_castpd_si512(value),
      _mm512_set1_epi64((long long)0x8000000000000000)));
    value = _mm512_mask_mov_pd(_mm512_set1_pd(__builtin_nan("")), isPresent, value);
    _mm512_storeu_pd(numbers + row, value);
    if (isOdd) {
      const int good = __builtin_ctz(isOdd);
      present |= isPresent & (__mmask8)((1 << good) - 1);
      row += (size_t)good;
      break;
    }
    present |= isPresent;
  }
  if (present) { *hasNumber = 1; }
  return row;
}
#endif

size_t candor_read_decimals(
  const uint8_t *text, const uint32_t *ends, size_t cell, size_t width, size_t from, size_t rows,
  uint8_t decimal, double *numbers, int32_t *hasNumber) {
#if defined(__x86_64__)
  return read_by_8(text, ends, cell, width, from, rows, decimal, numbers, hasNumber);
#else
  return from;
#endif
}
