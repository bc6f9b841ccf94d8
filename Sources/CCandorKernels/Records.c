#include "CCandorKernels.h"

void candor_fetch_records(
  const float *records, size_t stride, const int32_t *order, size_t count) {
  const size_t line = 16;
  for (size_t i = 0; i < count; i++) {
    const float *record = records + (size_t)order[i] * stride;
    for (size_t k = 0; k < stride; k += line) { __builtin_prefetch(record + k, 0, 2); }
    // A record may begin in the middle of a line.
    __builtin_prefetch(record + stride - 1, 0, 2);
  }
}
