import {call, executionPath, read} from "./api.js";
import {fill, h, numberHead, status, table, toast} from "./dom.js";
import {List} from "./execution-list.js";
import {clock, duration} from "./format.js";
import {childPath, ended, progress} from "./map-runs.js";

const rows = [["SUCCEEDED", "Succeeded"], ["FAILED", "Failed"], ["TIMED_OUT", "Timed out"], ["ABORTED", "Aborted"]];

/** One run of a Distributed Map, live: how far it is, what failed, its children, and what may be changed while it goes on. */
export async function show({main, url, names: [id], signal, go}) {
  let run = await read("map-runs", id);
  document.title = `${run.state} · ${run.execution} · Braid`;
  const summary = h("dl", {class: "summary"});
  const bar = h("div");
  const counts = h("div");
  const actions = h("div", {class: "actions"});
  // What had ended, and when, for the rate of the last seconds.
  const seen = [];

  const rate = () => {
    const now = Date.now();
    seen.push([now, ended(run.ended.items)]);
    while (seen.length > 2 && now - seen[0][0] > 15000) seen.shift();
    const isOver = run.status !== "RUNNING";
    const [time, count] = isOver || seen.length < 2 ? [run.started, 0] : seen[0];
    const seconds = ((isOver ? run.stopped ?? now : now) - time) / 1000;
    return seconds > 0 ? (ended(run.ended.items) - count) / seconds : 0;
  };
  const draw = () => {
    const perSecond = rate();
    const left = run.total === null ? null : run.total - ended(run.ended.items);
    const facts = [["Status", status(run.status)], ["Started", clock(run.started)], ["Duration", duration((run.stopped ?? Date.now()) - run.started)],
      ["Rate", `${perSecond.toLocaleString(undefined, {maximumFractionDigits: perSecond < 10 ? 1 : 0})} items/s`]];
    if (run.status === "RUNNING" && left && perSecond > 0) facts.push(["About", `${duration(1000 * left / perSecond)} left`]);
    if (run.redrives) facts.push(["Redrives", run.redrives]);
    fill(summary, facts.map(([term, fact]) => h("div", {}, h("dt", {}, term), h("dd", {}, fact))));
    fill(bar, progress(run));
    bar.firstChild.classList.add("large");
    const number = (count) => h("td", {class: "number"}, count.toLocaleString());
    const unread = run.total === null ? h("td", {class: "number quiet"}, "not known yet") : number(run.total - run.items);
    fill(counts, table(["", numberHead("Items"), numberHead("Children")], [
      h("tr", {}, h("th", {scope: "row"}, "Not begun"), unread, h("td", {class: "number quiet"}, "")),
      h("tr", {}, h("th", {scope: "row"}, status("RUNNING")), number(Math.max(0, run.items - ended(run.ended.items) - run.waiting.items)), number(run.open)),
      run.waiting.items ? h("tr", {}, h("th", {scope: "row"}, "Waits for being redriven"), number(run.waiting.items), number(run.waiting.children)) : null,
      ...rows.map(([key]) => h("tr", {}, h("th", {scope: "row"}, status(key)), number(run.ended.items[key]), number(run.ended.children[key]))),
    ].filter(Boolean)));
  };

  // What may be changed while it goes on.
  const field = (name, label, value, most) => {
    const input = h("input", {type: "number", name, min: 0, max: most, step: name === "toleratedFailurePercentage" ? "any" : 1, value: value ?? ""});
    return [input, h("label", {}, label, input)];
  };
  const [concurrency, concurrencyLabel] = field("maxConcurrency", "Concurrency (0: as much as may be)", run.maxConcurrency, 2147483647);
  const [tolerated, toleratedLabel] = field("toleratedFailureCount", "Failures borne", run.toleratedFailures, Number.MAX_SAFE_INTEGER);
  const [percentage, percentageLabel] = field("toleratedFailurePercentage", "Failures borne, in percent", run.toleratedPercentage, 100);
  const change = h("button", {class: "primary", type: "submit"}, "Change");
  const form = h("form", {class: "bar", "aria-label": "What may be changed", onsubmit: async (event) => {
    event.preventDefault();
    const request = {mapRunArn: run.arn};
    for (const input of [concurrency, tolerated, percentage]) if (input.value !== "") request[input.name] = Number(input.value);
    change.disabled = true;
    try { await call("UpdateMapRun", request); toast("Changed: it holds from the next child on."); } catch (error) { toast(error.message); }
    change.disabled = false;
  }}, concurrencyLabel, toleratedLabel, percentageLabel, change);
  const control = h("section", {class: "card", "aria-label": "Change"}, h("h2", {}, "While it goes on"), form);

  // Its children; of those that run in memory the ones that have ended.
  const inMemory = run.type === "EXPRESS";
  const chosen = h("select", {name: "status"}, [["", "Any status"], ...inMemory ? [] : [["RUNNING", "Running"]], ...rows].map(([value, text]) => h("option", {value}, text)));
  chosen.value = url.searchParams.get("status") ?? "";
  chosen.addEventListener("change", () => go(chosen.value ? `${location.pathname}?status=${chosen.value}` : location.pathname, {replace: true}));
  const list = new List({showMachine: false, path: inMemory ? ({name}) => childPath(id, name) : undefined});
  const more = h("button", {type: "button", hidden: true}, "More");
  let next = null;
  let isFirstPage = true;
  // To look for children that ended in some way takes long where few did: only once there are more.
  let known = null;
  const hasMore = () => !inMemory || !chosen.value || known !== run.ended.children[chosen.value];
  const take = async (before) => {
    const page = await read("map-runs", id, "children", {status: chosen.value, before});
    if (signal.aborted) return;
    known = run.ended.children[chosen.value];
    if (before) { list.append(page.executions); isFirstPage = false; } else list.show(page.executions);
    next = page.next;
    more.hidden = !next;
  };
  more.addEventListener("click", () => take(next).catch((error) => toast(error.message)));
  const children = [
    h("div", {class: "bar filters"}, h("label", {}, "Status", chosen)),
    inMemory ? h("p", {class: "quiet"}, "They run in memory, and are listed once they have ended.") : null,
    list.element, h("p", {}, more)];

  await take();
  draw();
  const drawControl = () => { control.hidden = run.status !== "RUNNING"; };
  drawControl();
  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/executions"}, "Executions"), " / ",
      h("a", {href: executionPath(run.machine, run.execution)}, run.execution), " / "),
    h("div", {class: "head"}, h("h1", {}, run.state), h("span", {class: "quiet"}, "map run"), h("span", {class: "spring"}), actions),
    summary,
    h("section", {class: "card", "aria-label": "Progress"}, bar, counts),
    control,
    h("section", {class: "card", "aria-label": "Children"}, h("h2", {}, "Children"), children));

  const refresh = async () => {
    if (document.hidden || (run.status !== "RUNNING" && seen.length > 2)) return;
    run = await read("map-runs", id);
    if (signal.aborted) return;
    draw();
    drawControl();
    if (isFirstPage && hasMore()) await take();
  };
  const timer = setInterval(() => refresh().catch(() => {}), 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
