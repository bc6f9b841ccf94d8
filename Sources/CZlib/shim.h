#ifndef CANDOR_CZLIB_SHIM_H
#define CANDOR_CZLIB_SHIM_H
#include <zlib.h>
#endif
