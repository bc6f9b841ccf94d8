// Loops for which wide vectors pay, in C because only C chooses instructions at run time without
// flags that a package may not use. Each has a Swift twin, which is used where these cannot be, and
// which its tests compare with it. Callers check shapes; nothing here allocates or keeps state.
#ifndef CCANDORKERNELS_H
#define CCANDORKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The widest vectors that this processor has of those used here: 0 for none, 1 for AVX2 with BMI,
/// 2 for AVX-512 with F, BW, VL, DQ, CD and VBMI2.
int32_t candor_vector_level(void);

/// Writes the places of all delimiters and line feeds in `text[start..<end]`, in order, and returns
/// their number.
///
/// `places` has room for one place a byte and 16 more. `level` is 1 or 2 and no higher than
/// `candor_vector_level()`.
size_t candor_find_separators(
  int32_t level, const uint8_t *_Nonnull text, size_t start, size_t end, uint8_t delimiter,
  uint32_t *_Nonnull places);

/// Reads decimal numbers from cells of one column, eight rows at a time, from row `from` on up to the
/// first that has another form, or to the last whole eight; returns that row.
///
/// Cell `i` of the grid lies between `ends[i] + 1` and `ends[i + 1]`; `cell` is the column's cell in
/// row 0, and `width` the cells of a row. Numbers behind the returned row may have been written too.
/// 16 bytes before every cell can be read. `hasNumber` becomes 1 where a number was read. For level 2
/// alone.
size_t candor_read_decimals(
  const uint8_t *_Nonnull text, const uint32_t *_Nonnull ends, size_t cell, size_t width,
  size_t from, size_t rows, uint8_t decimal, double *_Nonnull numbers,
  int32_t *_Nonnull hasNumber);

/// The number of NaNs, and the least and greatest of the other numbers, infinities where there is
/// none. For level 2 alone.
size_t candor_number_range(
  const double *_Nonnull numbers, size_t count, double *_Nonnull low, double *_Nonnull high);

/// Marks the numbers that are whole numbers of units of `1 / scale`, of which there are `low` to
/// `low + limit - 1`, and puts the others but NaN into `rest`; returns how many these are, or -1 where
/// more than `room` are found.
///
/// Where `bytes` is given, it has one byte a unit and one more; else `words` has one bit a unit and
/// one more. Either is zero at first. `rest` has `room + 8` places. For level 2 alone.
ptrdiff_t candor_mark_numbers(
  const double *_Nonnull numbers, size_t count, double scale, int64_t low, int64_t limit,
  uint8_t *_Nullable bytes, uint64_t *_Nullable words, double *_Nonnull rest, size_t room);

/// Asks the processor to fetch records of `stride` numbers, at the places of `order`, into its
/// caches. Nothing else is done with them.
void candor_fetch_records(
  const float *_Nonnull records, size_t stride, const int32_t *_Nonnull order, size_t count);

/// The sums of one layer for one row: its biases plus each listed input times its row of weights, in
/// the order of the list, products rounded before they are added.
///
/// `weights` has `units` numbers an input. `level` is 1 or 2 and no higher than
/// `candor_vector_level()`.
void candor_layer_sums(
  int32_t level, const int32_t *_Nonnull columns, const double *_Nonnull cells, size_t count,
  const double *_Nonnull weights, const double *_Nonnull biases, size_t units,
  double *_Nonnull sums);

/// Lists the sums that are neither below zero nor −0, with their places, and returns their number;
/// NaN is listed. Both lists have `units + 8` places. For level 2 alone.
size_t candor_list_positive(
  const double *_Nonnull sums, size_t units, int32_t *_Nonnull columns, double *_Nonnull cells);

#endif
