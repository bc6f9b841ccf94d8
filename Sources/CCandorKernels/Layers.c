#include "CCandorKernels.h"

// Products are rounded before they are added, as in the Swift twin: no fused operations.
#pragma clang fp contract(off)

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd")))
#define WIDER __attribute__((target("avx2")))

/// `vectors` neighbouring vectors of units, whose sums stay in registers.
WIDE __attribute__((always_inline)) static inline void strip_by_8(
  const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, size_t from, int vectors, double *sums) {
  __m512d sum[8];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) { sum[v] = _mm512_loadu_pd(biases + from + 8 * (size_t)v); }
  for (size_t k = 0; k < count; k++) {
    const __m512d x = _mm512_set1_pd(cells[k]);
    const double *row = weights + (size_t)columns[k] * units + from;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[v] = _mm512_add_pd(sum[v], _mm512_mul_pd(x, _mm512_loadu_pd(row + 8 * v)));
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) { _mm512_storeu_pd(sums + from + 8 * (size_t)v, sum[v]); }
}

/// The last units, fewer than a vector.
WIDE static void rest_by_8(
  const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, size_t from, double *sums) {
  const __mmask8 inside = (__mmask8)((1 << (units - from)) - 1);
  __m512d sum = _mm512_maskz_loadu_pd(inside, biases + from);
  for (size_t k = 0; k < count; k++) {
    const double *row = weights + (size_t)columns[k] * units + from;
    sum = _mm512_add_pd(
      sum, _mm512_mul_pd(_mm512_set1_pd(cells[k]), _mm512_maskz_loadu_pd(inside, row)));
  }
  _mm512_mask_storeu_pd(sums + from, inside, sum);
}

WIDE static void layer_by_8(
  const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, double *sums) {
  size_t from = 0;
  for (; from + 64 <= units; from += 64) {
    strip_by_8(columns, cells, count, weights, biases, units, from, 8, sums);
  }
  for (; from + 32 <= units; from += 32) {
    strip_by_8(columns, cells, count, weights, biases, units, from, 4, sums);
  }
  for (; from + 8 <= units; from += 8) {
    strip_by_8(columns, cells, count, weights, biases, units, from, 1, sums);
  }
  if (from < units) { rest_by_8(columns, cells, count, weights, biases, units, from, sums); }
}

WIDER __attribute__((always_inline)) static inline void strip_by_4(
  const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, size_t from, int vectors, double *sums) {
  __m256d sum[8];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) { sum[v] = _mm256_loadu_pd(biases + from + 4 * (size_t)v); }
  for (size_t k = 0; k < count; k++) {
    const __m256d x = _mm256_set1_pd(cells[k]);
    const double *row = weights + (size_t)columns[k] * units + from;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[v] = _mm256_add_pd(sum[v], _mm256_mul_pd(x, _mm256_loadu_pd(row + 4 * v)));
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) { _mm256_storeu_pd(sums + from + 4 * (size_t)v, sum[v]); }
}

WIDER static void layer_by_4(
  const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, double *sums) {
  size_t from = 0;
  for (; from + 32 <= units; from += 32) {
    strip_by_4(columns, cells, count, weights, biases, units, from, 8, sums);
  }
  for (; from + 4 <= units; from += 4) {
    strip_by_4(columns, cells, count, weights, biases, units, from, 1, sums);
  }
  for (; from < units; from++) {
    double sum = biases[from];
    for (size_t k = 0; k < count; k++) {
      sum += cells[k] * weights[(size_t)columns[k] * units + from];
    }
    sums[from] = sum;
  }
}

/// Compressed in a register and stored whole, since stores that compress are slow on some processors.
WIDE static size_t positive_by_8(
  const double *sums, size_t units, int32_t *columns, double *cells) {
  // As whole numbers: what is below zero, and −0, lies at or below −∞; NaN of either sign above it.
  const __m512i infinity = _mm512_set1_epi64((long long)0xFFF0000000000000ULL);
  __m256i column = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  size_t found = 0;
  for (size_t u = 0; u < units; u += 8) {
    const __mmask8 inside = units - u >= 8 ? 0xFF : (__mmask8)((1 << (units - u)) - 1);
    const __m512d z = _mm512_maskz_loadu_pd(inside, sums + u);
    const __mmask8 kept =
      _mm512_mask_cmpgt_epi64_mask(inside, _mm512_castpd_si512(z), infinity);
    _mm512_storeu_pd(cells + found, _mm512_maskz_compress_pd(kept, z));
    _mm256_storeu_si256((__m256i *)(columns + found), _mm256_maskz_compress_epi32(kept, column));
    found += (size_t)__builtin_popcount(kept);
    column = _mm256_add_epi32(column, _mm256_set1_epi32(8));
  }
  return found;
}

void candor_layer_sums(
  int32_t level, const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, double *sums) {
  if (level >= 2) {
    layer_by_8(columns, cells, count, weights, biases, units, sums);
  } else {
    layer_by_4(columns, cells, count, weights, biases, units, sums);
  }
}

size_t candor_list_positive(const double *sums, size_t units, int32_t *columns, double *cells) {
  return positive_by_8(sums, units, columns, cells);
}

#else

void candor_layer_sums(
  int32_t level, const int32_t *columns, const double *cells, size_t count, const double *weights,
  const double *biases, size_t units, double *sums) {
  (void)level, (void)columns, (void)cells, (void)count;
  (void)weights, (void)biases, (void)units, (void)sums;
}

size_t candor_list_positive(const double *sums, size_t units, int32_t *columns, double *cells) {
  (void)sums, (void)units, (void)columns, (void)cells;
  return 0;
}

#endif
