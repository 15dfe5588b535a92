import {executionPath, read} from "./api.js";
import {fill, h, numberHead, table} from "./dom.js";
import {ago, duration} from "./format.js";

/** Who works, and on what. */
export async function show({main, signal}) {
  document.title = "Workers · Braid";
  const workers = h("div");
  const leases = h("div");
  const refresh = async () => {
    const [overview, held] = await Promise.all([read("overview"), read("leases")]);
    if (signal.aborted) return;
    const count = new Map();
    for (const {worker} of held) count.set(worker, (count.get(worker) ?? 0) + 1);
    fill(workers, table(
      [numberHead("Worker"), "Where", numberHead("Capacity"), numberHead("Leases"), "Serves", "Heartbeat", "Started"],
      overview.workers.map((worker) => h("tr", {},
        h("td", {class: "number"}, worker.id), h("td", {class: "name"}, `${worker.host}, process ${worker.pid}`),
        h("td", {class: "number"}, worker.capacity.toLocaleString()), h("td", {class: "number"}, count.get(worker.id) ?? 0),
        h("td", {class: "name"}, worker.serves.includes("*") ? "every function" : worker.serves.join(", ") || "states without a function"),
        h("td", {}, ago(worker.heartbeat)), h("td", {}, ago(worker.started)))),
      "None alive: executions wait until one starts ('braid worker', or 'braid dev')."));
    fill(leases, table(
      [numberHead("Worker"), "Execution", "State", "Function", numberHead("For")],
      held.map((lease) => h("tr", {},
        h("td", {class: "number"}, lease.worker),
        h("td", {class: "name"}, h("a", {href: executionPath(lease.machine, lease.execution)}, lease.execution), h("span", {class: "quiet"}, ` ${lease.machine}`)),
        h("td", {}, lease.state), h("td", {class: "quiet"}, lease.function ?? ""),
        h("td", {class: "number"}, lease.entered ? duration(Date.now() - lease.entered) : ""))),
      "Nothing is leased at the moment."));
  };
  await refresh();
  fill(main, h("div", {class: "head"}, h("h1", {}, "Workers")),
    h("section", {class: "card", "aria-label": "Workers"}, workers),
    h("section", {class: "card", "aria-label": "Leases"}, h("h2", {}, "What they hold"), leases));
  const timer = setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 2000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
