#include "CEmbedded.h"

static const unsigned char file_api_js[] = {
#embed "console/api.js"
};
static const unsigned char file_dom_js[] = {
#embed "console/dom.js"
};
static const unsigned char file_event_table_js[] = {
#embed "console/event-table.js"
};
static const unsigned char file_execution_list_js[] = {
#embed "console/execution-list.js"
};
static const unsigned char file_execution_css[] = {
#embed "console/execution.css"
};
static const unsigned char file_format_js[] = {
#embed "console/format.js"
};
static const unsigned char file_graph_js[] = {
#embed "console/graph.js"
};
static const unsigned char file_history_js[] = {
#embed "console/history.js"
};
static const unsigned char file_icon_svg[] = {
#embed "console/icon.svg"
};
static const unsigned char file_index_html[] = {
#embed "console/index.html"
};
static const unsigned char file_inspector_js[] = {
#embed "console/inspector.js"
};
static const unsigned char file_main_js[] = {
#embed "console/main.js"
};
static const unsigned char file_map_runs_js[] = {
#embed "console/map-runs.js"
};
static const unsigned char file_page_map_run_js[] = {
#embed "console/page-map-run.js"
};
static const unsigned char file_page_child_js[] = {
#embed "console/page-child.js"
};
static const unsigned char file_page_edit_js[] = {
#embed "console/page-edit.js"
};
static const unsigned char file_page_execution_js[] = {
#embed "console/page-execution.js"
};
static const unsigned char file_page_executions_js[] = {
#embed "console/page-executions.js"
};
static const unsigned char file_page_machine_js[] = {
#embed "console/page-machine.js"
};
static const unsigned char file_page_overview_js[] = {
#embed "console/page-overview.js"
};
static const unsigned char file_page_sql_js[] = {
#embed "console/page-sql.js"
};
static const unsigned char file_page_start_js[] = {
#embed "console/page-start.js"
};
static const unsigned char file_page_workers_js[] = {
#embed "console/page-workers.js"
};
static const unsigned char file_payload_js[] = {
#embed "console/payload.js"
};
static const unsigned char file_style_css[] = {
#embed "console/style.css"
};
static const unsigned char file_timeline_js[] = {
#embed "console/timeline.js"
};

static const braid_embedded_file console[] = {
    {"api.js", file_api_js, sizeof file_api_js},
    {"dom.js", file_dom_js, sizeof file_dom_js},
    {"event-table.js", file_event_table_js, sizeof file_event_table_js},
    {"execution-list.js", file_execution_list_js, sizeof file_execution_list_js},
    {"execution.css", file_execution_css, sizeof file_execution_css},
    {"format.js", file_format_js, sizeof file_format_js},
    {"graph.js", file_graph_js, sizeof file_graph_js},
    {"history.js", file_history_js, sizeof file_history_js},
    {"icon.svg", file_icon_svg, sizeof file_icon_svg},
    {"index.html", file_index_html, sizeof file_index_html},
    {"inspector.js", file_inspector_js, sizeof file_inspector_js},
    {"main.js", file_main_js, sizeof file_main_js},
    {"map-runs.js", file_map_runs_js, sizeof file_map_runs_js},
    {"page-map-run.js", file_page_map_run_js, sizeof file_page_map_run_js},
    {"page-child.js", file_page_child_js, sizeof file_page_child_js},
    {"page-edit.js", file_page_edit_js, sizeof file_page_edit_js},
    {"page-execution.js", file_page_execution_js, sizeof file_page_execution_js},
    {"page-executions.js", file_page_executions_js, sizeof file_page_executions_js},
    {"page-machine.js", file_page_machine_js, sizeof file_page_machine_js},
    {"page-overview.js", file_page_overview_js, sizeof file_page_overview_js},
    {"page-sql.js", file_page_sql_js, sizeof file_page_sql_js},
    {"page-start.js", file_page_start_js, sizeof file_page_start_js},
    {"page-workers.js", file_page_workers_js, sizeof file_page_workers_js},
    {"payload.js", file_payload_js, sizeof file_payload_js},
    {"style.css", file_style_css, sizeof file_style_css},
    {"timeline.js", file_timeline_js, sizeof file_timeline_js},
};
const size_t braid_console_count = sizeof console / sizeof *console;
const braid_embedded_file *braid_console(void) { return console; }
