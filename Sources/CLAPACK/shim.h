#ifndef CANDOR_CLAPACK_SHIM_H
#define CANDOR_CLAPACK_SHIM_H
#include <cblas.h>
#include <lapacke.h>
// OpenBLAS has these beside the standard interface; Debian's cblas.h may be the reference one.
void openblas_set_num_threads(int count);
char *openblas_get_config(void);
#endif
