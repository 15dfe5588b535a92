import {h, numberHead, status, table} from "./dom.js";
import {ago, clock, duration} from "./format.js";

export const mapRunPath = (id) => `/map-runs/${encodeURIComponent(id)}`;
/** Where a child that ran in memory has its page. */
export const childPath = (id, name) => `${mapRunPath(id)}/children/${encodeURIComponent(name)}`;

const words = {SUCCEEDED: "succeeded", FAILED: "failed", TIMED_OUT: "timed_out", ABORTED: "aborted"};

/** How many have ended, in all. */
export const ended = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** How far a run is, as a bar in the colours of what became of its items, which is read out as a percentage. */
export function progress(run) {
  // Where nobody knows yet how many items there are, the bar is striped and never seems nearly full.
  const whole = run.total ?? 2 * Math.max(run.items, 1);
  const done = ended(run.ended.items);
  const percent = run.status === "SUCCEEDED" ? 100 : Math.floor(100 * done / Math.max(whole, 1));
  const text = run.total === null ? `${done.toLocaleString()} of at least ${run.items.toLocaleString()} items`
    : `${done.toLocaleString()} of ${run.total.toLocaleString()} items, ${percent} %`;
  return h("div", {class: run.total === null ? "meter open" : "meter", role: "progressbar", "aria-label": `Items of ${run.state}`, "aria-valuemin": 0, "aria-valuemax": 100,
    "aria-valuenow": percent, "aria-valuetext": text, title: text},
    Object.entries(words).map(([key, name]) => h("span", {class: name, style: {width: `${100 * run.ended.items[key] / Math.max(whole, 1)}%`}})));
}

/** The runs of an execution. */
export function mapRunTable(runs) {
  return table(["Status", "Map", "Items", numberHead("Failed"), h("th", {scope: "col", class: "hide-narrow"}, "Started"), numberHead("Duration")],
    runs.map((run) => h("tr", {},
      h("td", {}, status(run.status)),
      h("td", {class: "name"}, h("a", {href: mapRunPath(run.id)}, run.state)),
      h("td", {}, progress(run), h("span", {class: "quiet small"}, `${ended(run.ended.items).toLocaleString()} of ${(run.total ?? run.items).toLocaleString()}${run.total === null ? "+" : ""}`)),
      h("td", {class: "number"}, (run.ended.items.FAILED + run.ended.items.TIMED_OUT).toLocaleString()),
      h("td", {class: "quiet hide-narrow", title: clock(run.started)}, ago(run.started)),
      h("td", {class: "number"}, duration((run.stopped ?? Date.now()) - run.started)))));
}
