import {fill, h} from "./dom.js";

// Each page is loaded when it is gone to: the first is there the sooner.
const pages = {
  overview: () => import("./page-overview.js"),
  machine: () => import("./page-machine.js"),
  edit: () => import("./page-edit.js"),
  executions: () => import("./page-executions.js"),
  execution: () => import("./page-execution.js"),
  "map-runs": () => import("./page-map-run.js"),
  child: () => import("./page-child.js"),
  start: () => import("./page-start.js"),
  workers: () => import("./page-workers.js"),
  sql: () => import("./page-sql.js"),
};

const main = document.getElementById("main");
let leaving = new AbortController();

/** The page of an address. */
function page(url) {
  const [place = "", ...names] = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (place === "") return pages.overview;
  if (place === "machines") {
    if (!names.length) return url.searchParams.has("create") ? pages.edit : pages.overview;
    return url.searchParams.has("edit") ? pages.edit : pages.machine;
  }
  if (place === "executions") return names.length > 1 ? pages.execution : pages.executions;
  if (place === "map-runs" && names.length > 1) return pages.child;
  return {start: pages.start, "map-runs": pages["map-runs"], workers: pages.workers, sql: pages.sql}[place];
}

async function show({keepScroll = false} = {}) {
  const url = new URL(location.href);
  leaving.abort();
  leaving = new AbortController();
  const {signal} = leaving;
  for (const link of document.querySelectorAll(".top nav a")) {
    const here = link.pathname === "/" ? url.pathname === "/" || url.pathname.startsWith("/machines") : url.pathname.startsWith(link.pathname);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const names = url.pathname.split("/").filter(Boolean).slice(1).map(decodeURIComponent);
  try {
    const load = page(url);
    if (!load) throw new Error("There is no page of this name.");
    const shown = await load();
    if (signal.aborted) return;
    await shown.show({main, url, names, signal, go});
  } catch (error) {
    if (signal.aborted) return;
    fill(main, h("div", {class: "card"}, h("h1", {}, "This cannot be shown"), h("p", {class: "problem"}, error.message),
      h("p", {}, h("a", {href: "/"}, "To the overview"))));
  }
  if (!keepScroll) scrollTo(0, 0);
}

/** Goes to another page without loading anew. */
export function go(path, {replace = false} = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", path);
  show().then(() => main.focus({preventScroll: true}));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
addEventListener("popstate", () => show());
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const search = main.querySelector("input[type=search]");
  if (search) { event.preventDefault(); search.focus(); }
});

// Light, dark, or as the system has it; what was chosen is kept in this browser.
const theme = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
function paint() {
  const chosen = localStorage.getItem("theme") ?? "system";
  const isDark = chosen === "dark" || (chosen === "system" && dark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  theme.textContent = `Theme: ${chosen}`;
}
theme.addEventListener("click", () => {
  const order = ["system", "light", "dark"];
  localStorage.setItem("theme", order[(order.indexOf(localStorage.getItem("theme") ?? "system") + 1) % 3]);
  paint();
});
dark.addEventListener("change", paint);
paint();
show();
