#include "CEmbedded.h"

static const unsigned char m0001[] = {
#embed "../../Migrations/0001_control_plane.sql"
};
static const unsigned char m0002[] = {
#embed "../../Migrations/0002_data_plane.sql"
};
static const unsigned char m0003[] = {
#embed "../../Migrations/0003_views.sql"
};
static const unsigned char m0004[] = {
#embed "../../Migrations/0004_activities_versions_aliases_tags.sql"
};
static const unsigned char m0005[] = {
#embed "../../Migrations/0005_nested_redrive_express.sql"
};
static const unsigned char m0006[] = {
#embed "../../Migrations/0006_revocations.sql"
};
static const unsigned char m0007[] = {
#embed "../../Migrations/0007_worker_loss.sql"
};
static const unsigned char m0008[] = {
#embed "../../Migrations/0008_test_doubles.sql"
};
static const unsigned char m0009[] = {
#embed "../../Migrations/0009_drop_history.sql"
};
static const unsigned char m0010[] = {
#embed "../../Migrations/0010_compression.sql"
};
static const unsigned char m0011[] = {
#embed "../../Migrations/0011_express_lapses.sql"
};
static const unsigned char m0012[] = {
#embed "../../Migrations/0012_map_runs.sql"
};
static const unsigned char m0013[] = {
#embed "../../Migrations/0013_map_run_redrives.sql"
};
static const unsigned char m0014[] = {
#embed "../../Migrations/0014_map_run_results.sql"
};
static const unsigned char m0015[] = {
#embed "../../Migrations/0015_map_runs_in_memory.sql"
};
static const unsigned char m0016[] = {
#embed "../../Migrations/0016_children_by_time.sql"
};
static const unsigned char m0017[] = {
#embed "../../Migrations/0017_map_run_exports.sql"
};

static const braid_embedded_file migrations[] = {
    {"0001_control_plane.sql", m0001, sizeof m0001},
    {"0002_data_plane.sql", m0002, sizeof m0002},
    {"0003_views.sql", m0003, sizeof m0003},
    {"0004_activities_versions_aliases_tags.sql", m0004, sizeof m0004},
    {"0005_nested_redrive_express.sql", m0005, sizeof m0005},
    {"0006_revocations.sql", m0006, sizeof m0006},
    {"0007_worker_loss.sql", m0007, sizeof m0007},
    {"0008_test_doubles.sql", m0008, sizeof m0008},
    {"0009_drop_history.sql", m0009, sizeof m0009},
    {"0010_compression.sql", m0010, sizeof m0010},
    {"0011_express_lapses.sql", m0011, sizeof m0011},
    {"0012_map_runs.sql", m0012, sizeof m0012},
    {"0013_map_run_redrives.sql", m0013, sizeof m0013},
    {"0014_map_run_results.sql", m0014, sizeof m0014},
    {"0015_map_runs_in_memory.sql", m0015, sizeof m0015},
    {"0016_children_by_time.sql", m0016, sizeof m0016},
    {"0017_map_run_exports.sql", m0017, sizeof m0017},
};
const size_t braid_migrations_count = sizeof migrations / sizeof *migrations;
const braid_embedded_file *braid_migrations(void) { return migrations; }
