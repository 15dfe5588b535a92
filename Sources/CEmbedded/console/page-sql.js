import {ask} from "./api.js";
import {fill, h, table} from "./dom.js";

const examples = {
  "The slowest states of the last day": `SELECT state_machine, state, count(*) AS visits, max(duration) AS slowest, sum(attempts) AS attempts
FROM state_visits WHERE entered_at > now() - interval '1 day'
GROUP BY state_machine, state ORDER BY slowest DESC NULLS LAST LIMIT 20`,
  "What fails, where, and how often": `SELECT state_machine, state, error, failures, executions, last_at
FROM failures_by_state LIMIT 20`,
  "What running Maps still wait for": `SELECT execution, state, items, unstarted, running, succeeded, failed
FROM map_run_progress WHERE unstarted + running > 0`,
  "The last events of an execution": `SELECT event_id, at, type, state, input, output, error
FROM execution_history
WHERE execution_id = (SELECT max(execution_id::text)::uuid FROM executions)
ORDER BY event_id DESC LIMIT 50`,
  "Executions by hour": `SELECT date_trunc('hour', started_at) AS hour, status, count(*)
FROM executions GROUP BY 1, 2 ORDER BY 1 DESC LIMIT 48`,
};

/** People's own questions, in SQL, as a role that may only read. */
export async function show({main, url}) {
  document.title = "SQL · Braid";
  const text = h("textarea", {class: "code", rows: 9, spellcheck: "false", "aria-label": "SQL", value: url.searchParams.get("q") ?? Object.values(examples)[0]});
  const result = h("div", {"aria-live": "polite"});
  const run = h("button", {class: "primary", type: "submit", title: "Ctrl+Enter"}, "Run");
  const submit = async (event) => {
    event?.preventDefault();
    run.disabled = true;
    try {
      history.replaceState(null, "", `/sql?${new URLSearchParams({q: text.value})}`);
      const began = performance.now();
      const {rows, hasMore} = await ask("sql", {query: text.value});
      const columns = Object.keys(rows[0] ?? {});
      fill(result, h("p", {class: "quiet small"}, `${rows.length}${hasMore ? "+" : ""} ${rows.length === 1 ? "row" : "rows"} in ${Math.round(performance.now() - began)} ms${hasMore ? "; only the first are shown" : ""}`),
        table(columns, rows.map((row) => h("tr", {}, columns.map((name) => cell(row[name])))), "No rows."));
    } catch (error) {
      fill(result, h("p", {class: "problem"}, error.message));
    } finally { run.disabled = false; }
  };
  text.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event); });
  const choose = h("select", {"aria-label": "Examples", onchange: () => { if (examples[choose.value]) text.value = examples[choose.value]; }},
    h("option", {value: ""}, "Examples"), Object.keys(examples).map((name) => h("option", {value: name}, name)));
  fill(main, h("div", {class: "head"}, h("h1", {}, "SQL")),
    h("section", {class: "card"}, h("form", {onsubmit: submit}, text,
      h("div", {class: "bar", style: {marginTop: ".6rem"}}, run, choose,
        h("span", {class: "quiet small"}, "A role that may only read, 10 seconds, 500 rows; views: execution_history, state_visits, map_run_progress, distributed_map_progress, failures_by_state")))),
    h("section", {class: "card result", "aria-label": "Result"}, result));
  if (url.searchParams.has("q")) await submit();
}

function cell(value) {
  if (value === null) return h("td", {class: "quiet"}, "NULL");
  if (typeof value === "number") return h("td", {class: "number"}, String(value));
  const words = typeof value === "object" ? JSON.stringify(value) : String(value);
  return h("td", {class: "name", title: words.length > 200 ? words.slice(0, 2000) : null}, words.length > 200 ? `${words.slice(0, 200)}…` : words);
}
