import {call, follow, machinePath, read} from "./api.js";
import {fill, h, status, throttled, toast} from "./dom.js";
import {EventTable} from "./event-table.js";
import {clock, duration} from "./format.js";
import {Graph} from "./graph.js";
import {History} from "./history.js";
import {Inspector} from "./inspector.js";
import {mapRunTable} from "./map-runs.js";
import {cause, payload} from "./payload.js";
import {Timeline} from "./timeline.js";

/** One execution, followed live: graph, timeline, events, and what can be done with it. */
export async function show({main, url, names: [machine, name], signal, go}) {
  document.title = `${name} · ${machine} · Braid`;
  let execution = await read("executions", machine, name);
  const past = new History();
  const graph = new Graph((state) => choose(state));
  const inspector = new Inspector({machine, name, past, onIteration: () => redraw()});
  const timeline = new Timeline({past, choose: (visit) => choose(visit.state, visit)});
  const events = new EventTable({machine, name, past});
  const summary = h("dl", {class: "summary"});
  const actions = h("div", {class: "actions"});
  const runs = h("section", {class: "card", "aria-label": "Map runs", hidden: true});
  // Their progress is no event of the execution's: it is asked for while one goes on.
  const drawRuns = throttled(1000, async () => {
    const found = await read("executions", machine, name, "map-runs").catch(() => null);
    if (!found || signal.aborted) return;
    runs.hidden = !found.length;
    fill(runs, h("h2", {}, "Map runs"), mapRunTable(found));
    mapRunGoesOn = found.some((run) => run.status === "RUNNING");
  });
  let mapRunGoesOn = false;

  const remember = (changes) => {
    const words = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined) words.delete(key);
      else words.set(key, value);
    }
    window.history.replaceState(null, "", words.size ? `${location.pathname}?${words}` : location.pathname);
  };
  const choose = (state, visit = null) => {
    graph.select(state);
    inspector.select(state, visit);
    remember({state});
    if (tab !== "graph") show("graph");
  };
  const redraw = () => {
    if (tab === "graph") { graph.colour(past.states(inspector.iteration)); inspector.refresh(); }
    if (tab === "timeline") timeline.draw(execution.status === "RUNNING");
    if (tab === "events") events.draw();
    drawSummary();
  };
  const soon = throttled(200, redraw);

  const drawSummary = () => {
    const end = execution.stopped ?? Date.now();
    const facts = [["Status", status(execution.status)], ["Started", clock(execution.started)], ["Duration", duration(end - execution.started)],
      ["Events", past.events.length.toLocaleString()]];
    if (execution.redrives) facts.push(["Redrives", execution.redrives]);
    if (execution.error) facts.push(["Error", h("span", {class: "failed"}, execution.error)]);
    fill(summary, facts.map(([term, fact]) => h("div", {}, h("dt", {}, term), h("dd", {}, fact))));
  };
  const act = (action, question) => async (event) => {
    if (question && !confirm(question)) return;
    event.target.disabled = true;
    try { await call(action, {executionArn: execution.arn}); } catch (error) { toast(error.message); }
    execution = {...execution, ...await read("executions", machine, name)};
    drawActions();
    soon();
  };
  const drawActions = () => fill(actions,
    execution.status === "RUNNING"
      ? h("button", {class: "danger", type: "button", onclick: act("StopExecution", `Stop ${name}? What it does is ended at once.`)}, "Stop") : null,
    ["FAILED", "TIMED_OUT", "ABORTED"].includes(execution.status)
      ? h("button", {class: "primary", type: "button", onclick: act("RedriveExecution")}, "Redrive") : null,
    machine.includes("/") ? null
      : h("a", {class: "button", href: `/start/${encodeURIComponent(machine)}?from=${encodeURIComponent(name)}`}, "Start again"));

  const panels = {
    graph: () => h("div", {class: "split uneven"},
      h("section", {class: "card", "aria-label": "Graph"}, graph.element, legend()),
      h("section", {class: "card", "aria-label": "The chosen state"}, inspector.element)),
    timeline: () => h("section", {class: "card", "aria-label": "Timeline"}, timeline.element),
    events: () => h("section", {class: "card", "aria-label": "Events"}, events.element),
    data: () => h("div", {class: "split"},
      h("section", {class: "card"}, h("h2", {}, "Input"), payload(execution.input)),
      h("section", {class: "card"}, h("h2", {}, "Output"), execution.output !== null ? payload(execution.output)
        : execution.error ? [h("p", {class: "failed"}, execution.error), execution.cause ? cause(execution.cause) : null] : h("p", {class: "quiet"}, "None yet."))),
    definition: () => h("section", {class: "card"}, h("pre", {style: {maxHeight: "none"}}, execution.definition)),
  };
  const titles = {graph: "Graph", timeline: "Timeline", events: "Events", data: "Input and output", definition: "Definition"};
  let tab = panels[url.searchParams.get("tab")] ? url.searchParams.get("tab") : "graph";
  const panel = h("div", {role: "tabpanel", id: "panel"});
  const tabs = h("div", {class: "tabs", role: "tablist"});
  const show = (wanted, {focus = false} = {}) => {
    tab = wanted;
    for (const button of tabs.children) {
      const isChosen = button.dataset.tab === tab;
      button.setAttribute("aria-selected", isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      if (isChosen && focus) button.focus();
    }
    fill(panel, panels[tab]());
    remember({tab: tab === "graph" ? null : tab});
    redraw();
  };
  fill(tabs, Object.entries(titles).map(([key, title]) => h("button", {type: "button", role: "tab", "data-tab": key, "aria-controls": "panel", onclick: () => show(key)}, title)));
  tabs.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    const keys = Object.keys(titles);
    if (step) show(keys[(keys.indexOf(tab) + step + keys.length) % keys.length], {focus: true});
  });

  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/executions"}, "Executions"), " / ", h("a", {href: machinePath(machine.split("/")[0])}, machine), " /"),
    h("div", {class: "head"}, h("h1", {}, name), h("span", {class: "spring"}), actions),
    summary, runs, tabs, panel);
  drawActions();
  show(tab);
  graph.show(execution.graph);
  if (url.searchParams.has("state")) { graph.select(url.searchParams.get("state")); inspector.select(url.searchParams.get("state")); }

  follow(["executions", machine, name, "live"], {
    history: (rows) => {
      past.take(rows);
      if (rows.some((row) => row[2].startsWith("MapRun"))) drawRuns();
      soon();
    },
    execution: (changed) => { execution = {...execution, ...changed}; drawActions(); if (tab === "data") show(tab); soon(); },
    "caught-up": async () => {
      if (!inspector.state) chooseFirst(past, inspector, graph);
      soon();
      // It may have ended between being read and being followed.
      if (execution.status !== "RUNNING" || !past.isOver) return;
      const now = await read("executions", machine, name).catch(() => null);
      if (!now || signal.aborted) return;
      execution = {...execution, ...now};
      drawActions();
      soon();
    },
  }, signal, () => past.lastID);
  const timer = setInterval(() => {
    if (document.hidden) return;
    if (execution.status === "RUNNING") soon();
    if (mapRunGoesOn) drawRuns();
  }, 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** Shows at once what a person looks for first: what failed, else what runs, else what came last. */
function chooseFirst(past, inspector, graph) {
  const visits = [...past.visits.values()];
  const leaf = (visit) => visit.type !== "Map" && visit.type !== "Parallel";
  const found = visits.find((visit) => visit.status === "failed" && leaf(visit)) ?? visits.find((visit) => visit.status === "running")
    ?? visits.findLast((visit) => !visit.container);
  if (!found) return;
  graph.select(found.state);
  inspector.select(found.state, found);
}

function legend() {
  return h("div", {class: "legend small"}, ["running", "succeeded", "caught", "failed", "aborted"].map((word) => status(word)));
}
