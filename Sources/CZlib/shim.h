#pragma once
#include <zlib.h>

// Swift cannot call a macro.

/// Begins to read gzip, and nothing else.
static inline int braid_inflate_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
