#pragma once
#include <stddef.h>

/// A file compiled into the binary.
typedef struct {
    /// Its name without a folder, such as `0001_control_plane.sql`.
    const char *name;
    const unsigned char *bytes;
    size_t count;
} braid_embedded_file;

/// The migrations, in order: the first of them, and their number.
const braid_embedded_file *braid_migrations(void);
extern const size_t braid_migrations_count;

/// What runs handlers written for Lambda, a file a language: the first of them, and their number.
const braid_embedded_file *braid_bootstraps(void);
extern const size_t braid_bootstraps_count;

/// The files of the console's pages: the first of them, and their number.
const braid_embedded_file *braid_console(void);
extern const size_t braid_console_count;
