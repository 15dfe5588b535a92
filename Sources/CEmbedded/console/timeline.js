import {fill, h} from "./dom.js";
import {duration} from "./format.js";

/** How many children of a Map or Parallel are shown before more are asked for. */
const step = 50;

/** A Gantt chart: a bar for each visit of a state, those inside of a Parallel or Map below it. */
export class Timeline {
  element = h("div");
  #past;
  #choose;
  /** Which groups are open, and how many of their children are shown. */
  #open = new Map();
  #isRunning = false;

  constructor({past, choose}) {
    this.#past = past;
    this.#choose = choose;
  }

  draw(isRunning) {
    this.#isRunning = isRunning;
    const start = this.#past.start;
    if (start === null || !this.#past.visits.size) { fill(this.element, h("p", {class: "empty"}, "Nothing has happened yet.")); return; }
    const end = Math.max(isRunning ? Date.now() : this.#past.end, start + 1);
    const children = this.#children();
    const rows = [];
    for (const item of children.get(null) ?? []) this.#rows(item, 0, children, rows);
    fill(this.element, h("div", {class: "gantt", role: "list", "aria-label": "When each state ran"},
      h("div", {class: "label quiet"}, "State"), h("div", {class: "track"}, h("div", {class: "axis", "aria-hidden": "true"},
        [0, 0.25, 0.5, 0.75, 1].map((part) => h("span", {}, duration((end - start) * part))))),
      rows.map((row) => this.#row(row, start, end))));
  }

  /** Visits by what they are in: nothing, a visit of a Parallel, an iteration; iterations by their Map's visit. */
  #children() {
    const children = new Map();
    const put = (key, item) => { if (children.has(key)) children.get(key).push(item); else children.set(key, [item]); };
    for (const visit of this.#past.visits.values()) {
      put(visit.container?.type === "Map" ? visit.iteration : visit.container, visit);
    }
    for (const iteration of this.#past.iterations.values()) put(iteration.visit, iteration);
    return children;
  }

  #rows(item, depth, children, rows) {
    const inner = children.get(item) ?? [];
    const shown = this.#open.get(item.id) ?? (inner.length && inner.length <= 12 && depth < 3 ? step : 0);
    rows.push({item, depth, count: inner.length, shown});
    for (const child of inner.slice(0, shown)) this.#rows(child, depth + 1, children, rows);
    if (shown && inner.length > shown) rows.push({more: item, depth: depth + 1, left: inner.length - shown, shown});
  }

  #row({item, depth, count, shown, more, left}, start, end) {
    const indent = {paddingLeft: `${depth * 1.1}rem`};
    if (more) {
      const next = () => { this.#open.set(more.id, shown + 10 * step); this.draw(this.#isRunning); };
      return [h("div", {class: "label", style: indent}, h("button", {type: "button", class: "plain", onclick: next}, `${left.toLocaleString()} more`)), h("div", {class: "track"})];
    }
    const isIteration = item.state === undefined;
    const name = isIteration ? `Iteration ${item.index}` : item.state;
    const fold = count ? h("button", {type: "button", class: "fold", "aria-expanded": shown > 0, "aria-label": `${shown ? "Close" : "Open"} ${name}`,
      onclick: () => { this.#open.set(item.id, shown ? 0 : step); this.draw(this.#isRunning); }}, shown ? "▾" : "▸") : h("span", {class: "fold"});
    const time = (item.end ?? end) - item.at;
    const from = 100 * (item.at - start) / (end - start);
    const width = 100 * time / (end - start);
    const words = `${name}: ${item.status}, ${duration(time)}`;
    const label = isIteration ? h("span", {class: "text quiet"}, name) : h("button", {type: "button", class: "text", title: words, onclick: () => this.#choose(item)}, name);
    const isLate = from + width > 85;
    const isWide = isLate && width > 15;
    return [h("div", {class: "label", style: indent, role: "listitem"}, fold, label),
      h("div", {class: "track"}, h("span", {class: `span ${item.status}`, title: words, role: "img", "aria-label": words, style: {left: `${from}%`, width: `${width}%`}}),
        h("span", {class: isWide ? "time within" : isLate ? "time before" : "time", "aria-hidden": "true", style: {left: `${isLate && !isWide ? from : from + width}%`}},
          duration(time), !isIteration && item.attempts > 1 ? ` · ${item.attempts} attempts` : ""))];
  }
}
