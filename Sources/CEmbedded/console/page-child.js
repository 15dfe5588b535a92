import {executionPath, read} from "./api.js";
import {fill, h, status} from "./dom.js";
import {clock, duration} from "./format.js";
import {mapRunPath} from "./map-runs.js";
import {cause, payload} from "./payload.js";

/** A child of a map run that ran in memory: what was kept of it, which is no history. */
export async function show({main, names: [id, , name]}) {
  const child = await read("map-runs", id, "children", name);
  const run = child.run;
  document.title = `${child.name} · ${run.state} · Braid`;
  const facts = [["Status", status(child.status)], ["Started", clock(child.started)], ["Duration", duration(child.stopped - child.started)]];
  if (child.items !== null) facts.push(["Items", child.items.toLocaleString()]);
  if (child.redrives) facts.push(["Redrives", child.redrives]);
  if (child.error) facts.push(["Error", h("span", {class: "failed"}, child.error)]);
  const output = child.output !== null ? payload(child.output)
    : child.error || child.cause ? [h("p", {class: "failed"}, child.error ?? ""), child.cause ? cause(child.cause) : null]
      : h("p", {class: "quiet"}, "None.");
  const input = child.input !== null ? payload(child.input)
    : h("p", {class: "quiet"}, "Not kept: that of a child that succeeded is only where the run's result files hold it.");
  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/executions"}, "Executions"), " / ",
      h("a", {href: executionPath(run.machine, run.execution)}, run.execution), " / ",
      h("a", {href: mapRunPath(id)}, run.state), " / "),
    h("div", {class: "head"}, h("h1", {}, child.name), h("span", {class: "quiet"}, "ran in memory")),
    h("dl", {class: "summary"}, facts.map(([term, fact]) => h("div", {}, h("dt", {}, term), h("dd", {}, fact)))),
    h("div", {class: "split"},
      h("section", {class: "card", "aria-label": "Input"}, h("h2", {}, "Input"), input),
      h("section", {class: "card", "aria-label": "Output"}, h("h2", {}, "Output"), output)));
}
