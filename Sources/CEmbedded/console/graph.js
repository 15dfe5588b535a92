import {fill, h} from "./dom.js";

/**
 * A graph that the service laid out: its states can be chosen, by mouse and keyboard, and coloured by how they stand.
 */
export class Graph {
  element = h("div", {class: "graph"});
  #canvas = h("div", {class: "canvas"});
  #nodes = new Map();
  #svg = null;
  #natural = 0;
  #scale = null;
  #choose;

  constructor(choose = () => {}) {
    this.#choose = choose;
    const button = (text, label, run) => h("button", {type: "button", "aria-label": label, title: label, onclick: run}, text);
    fill(this.element, this.#canvas, h("div", {class: "zoom"},
      button("−", "Smaller", () => this.#zoom(1 / 1.25)), button("+", "Larger", () => this.#zoom(1.25)),
      button("Fit", "Fit the graph into the page", () => { this.#scale = null; this.#size(); })));
  }

  /** Shows a drawing; `null` where there is none. */
  show(drawing) {
    this.#nodes.clear();
    if (!drawing) {
      this.#svg = null;
      fill(this.#canvas, h("p", {class: "empty", style: {margin: "auto"}}, "There is no graph to draw, or Graphviz is not installed."));
      return;
    }
    const parsed = new DOMParser().parseFromString(drawing.svg, "image/svg+xml").documentElement;
    this.#svg = document.importNode(parsed, true);
    this.#natural = parseFloat(this.#svg.getAttribute("width")) * 4 / 3;
    this.#svg.setAttribute("role", "group");
    this.#svg.setAttribute("aria-label", "The graph of the states");
    const ids = new Map(drawing.states.map((name, index) => [`s${index}`, name]));
    for (const node of this.#svg.querySelectorAll("g.node")) {
      const title = node.querySelector("title");
      const name = ids.get(title?.textContent);
      title?.remove();
      if (name === undefined) continue;
      node.classList.add("state");
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.addEventListener("click", () => this.#choose(name));
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.#choose(name); }
      });
      this.#nodes.set(name, node);
      this.#label(name, node, null);
    }
    for (const title of this.#svg.querySelectorAll("title")) title.remove();
    fill(this.#canvas, this.#svg);
    this.#size();
  }

  /** Colours states: a map from names to `{status, counts}`. */
  colour(states) {
    for (const [name, node] of this.#nodes) {
      const state = states.get(name);
      if (state) node.dataset.status = state.status;
      else delete node.dataset.status;
      this.#count(node, state);
      this.#label(name, node, state);
    }
  }

  /** Marks a state as chosen, and brings it into view where it is out of it. */
  select(name) {
    for (const [key, node] of this.#nodes) node.classList.toggle("selected", key === name);
    const box = this.#nodes.get(name)?.getBoundingClientRect();
    const view = this.#canvas.getBoundingClientRect();
    if (!box || !view.height || (box.top >= view.top && box.bottom <= view.bottom && box.left >= view.left && box.right <= view.right)) return;
    this.#canvas.scrollBy(box.left + box.width / 2 - view.left - view.width / 2, box.top + box.height / 2 - view.top - view.height / 2);
  }

  /** Marks the states that something is wrong with. */
  blame(names) { for (const [key, node] of this.#nodes) node.classList.toggle("faulty", names.has(key)); }

  #label(name, node, state) {
    const kind = [...node.classList].find((word) => /^[A-Z]/.test(word)) ?? "";
    const counts = state ? Object.entries(state.counts).map(([word, count]) => `${count} ${word}`).join(", ") : "not entered";
    node.setAttribute("aria-label", `${name}, ${kind}, ${counts}`);
  }

  /** Says above a state how many visits it had, where there were several. */
  #count(node, state) {
    let text = node.querySelector("text.count");
    const total = state ? state.visits.length : 0;
    if (total < 2) { text?.remove(); return; }
    if (!text) {
      const box = (node.querySelector("path, polygon")).getBBox();
      text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("class", "count");
      // Over the right corner, and on from there: arrows come in at the middle.
      text.setAttribute("x", box.x + box.width - 18);
      text.setAttribute("y", box.y - 3);
      node.append(text);
    }
    const done = total - (state.counts.running ?? 0);
    const failed = (state.counts.failed ?? 0);
    text.textContent = (done === total ? `${total}×` : `${done}/${total}`) + (failed ? ` · ${failed} failed` : "");
  }

  #zoom(factor) {
    const shown = this.#svg?.getBoundingClientRect().width ?? 0;
    this.#scale = shown / this.#natural * factor;
    this.#size();
  }

  /** Fits the width; small graphs stay as they are, and large ones stay readable and scroll. */
  #size() {
    if (!this.#svg) return;
    const wide = (this.#canvas.clientWidth || 700) - 8;
    const scale = this.#scale ?? Math.max(Math.min(1, wide / this.#natural), 0.35);
    this.#svg.removeAttribute("height");
    this.#svg.setAttribute("width", Math.round(this.#natural * scale));
    this.#svg.style.height = "auto";
  }
}
