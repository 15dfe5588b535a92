#include "CEmbedded.h"

static const unsigned char m0001[] = {
#embed "../../Migrations/0001_control_plane.sql"
};

const braid_embedded_file braid_migrations[] = {
    {"0001_control_plane.sql", m0001, sizeof m0001},
};
const size_t braid_migrations_count = sizeof braid_migrations / sizeof *braid_migrations;
