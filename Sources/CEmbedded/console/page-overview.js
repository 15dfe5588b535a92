import {follow, machinePath, read} from "./api.js";
import {fill, h, numberHead, status, table, throttled} from "./dom.js";
import {ago, bytes} from "./format.js";
import {List} from "./execution-list.js";

const words = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

/** What runs here: figures, state machines, and the newest executions as they come and go. */
export async function show({main, signal}) {
  document.title = "Braid";
  const tiles = h("div", {class: "tiles"});
  const machines = h("div");
  const search = h("input", {type: "search", placeholder: "Search", "aria-label": "Search state machines"});
  const list = new List({showMachine: true});
  const newest = read("executions");
  // It is awaited last: a refusal of it must not be one that nobody hears of.
  newest.catch(() => {});
  let data = await read("overview");
  const draw = () => {
    fill(tiles, figures(data));
    fill(machines, machineTable(data, search.value.toLowerCase()));
  };
  search.addEventListener("input", draw);
  draw();
  list.show((await newest).executions);
  fill(main,
    h("div", {class: "head"}, h("h1", {}, "Overview"), h("span", {class: "spring"}),
      h("div", {class: "actions"}, h("a", {class: "button primary", href: "/machines?create"}, "New state machine"))),
    tiles,
    h("section", {class: "card", "aria-label": "State machines"},
      h("div", {class: "bar"}, h("h2", {}, "State machines"), h("span", {class: "spring"}), search), machines),
    h("section", {class: "card", "aria-label": "Newest executions"},
      h("div", {class: "bar"}, h("h2", {}, "Newest executions"), h("span", {class: "spring"}), h("a", {href: "/executions"}, "All executions")),
      list.element),
    h("p", {class: "quiet small"}, `Braid ${data.version} · ${data.region} · account ${data.account} · PostgreSQL ${data.database.version}, `,
      h("code", {}, data.database.hint)));
  const refresh = throttled(2000, async () => {
    try { data = await read("overview"); if (!signal.aborted) draw(); } catch { /* the next change tries again */ }
  });
  follow(["live"], {executions: (changed) => { list.merge(changed); refresh(); }}, signal);
  // State machines come and go unannounced; the service reads them once a second at most, however many pages ask.
  const timer = setInterval(() => { if (!document.hidden) refresh(); }, 3000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function figures(data) {
  const total = (word) => data.machines.reduce((sum, machine) => sum + machine.counts[word], 0);
  const isBounded = (word) => data.machines.some((machine) => machine.counts[word] >= data.bound);
  return [
    words.map((word) => h("a", {class: "tile", href: `/executions?status=${word}`},
      h("div", {class: "figure"}, total(word).toLocaleString(), isBounded(word) ? "+" : ""), status(word))),
    h("a", {class: "tile", href: "/workers"}, h("div", {class: "figure"}, data.workers.length),
      h("span", {class: data.workers.length ? "quiet" : "problem"}, data.workers.length === 1 ? "worker alive" : "workers alive")),
    h("div", {class: "tile"}, h("div", {class: "figure"}, bytes(data.database.bytes)), h("span", {class: "quiet"}, "in the database")),
  ];
}

function machineTable(data, wanted) {
  const found = data.machines.filter((machine) => machine.name.toLowerCase().includes(wanted));
  const rows = found.map((machine) => h("tr", {},
    h("td", {class: "name"}, h("a", {href: machinePath(machine.name)}, machine.name),
      machine.status === "ACTIVE" ? null : h("span", {class: "quiet"}, ` ${machine.status.toLowerCase()}`)),
    h("td", {class: "quiet hide-narrow"}, machine.type.toLowerCase()),
    words.map((word) => h("td", {class: `number ${machine.counts[word] ? word.toLowerCase() : "zero"} ${word === "RUNNING" || word === "FAILED" || word === "SUCCEEDED" ? "" : "hide-narrow"}`},
      machine.counts[word].toLocaleString(), machine.counts[word] >= data.bound ? "+" : "")),
    h("td", {class: "quiet hide-narrow"}, ago(machine.created))));
  const heads = ["Name", h("th", {scope: "col", class: "hide-narrow"}, "Type"), numberHead("Running"), numberHead("Succeeded"), numberHead("Failed"),
    h("th", {scope: "col", class: "number hide-narrow"}, "Timed out"), h("th", {scope: "col", class: "number hide-narrow"}, "Aborted"), h("th", {scope: "col", class: "hide-narrow"}, "Created")];
  return table(heads, rows, wanted ? "No state machine has that in its name." : "No state machine yet: make a new one, or 'braid deploy FILE'.");
}
