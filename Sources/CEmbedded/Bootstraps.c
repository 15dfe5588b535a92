#include "CEmbedded.h"

static const unsigned char python[] = {
#embed "bootstraps/bootstrap.py"
};
static const unsigned char node[] = {
#embed "bootstraps/bootstrap.mjs"
};

static const braid_embedded_file bootstraps[] = {
    {"bootstrap.py", python, sizeof python},
    {"bootstrap.mjs", node, sizeof node},
};
const size_t braid_bootstraps_count = sizeof bootstraps / sizeof *bootstraps;

const braid_embedded_file *braid_bootstraps(void) { return bootstraps; }
