import {read} from "./api.js";
import {fill, h, numberHead} from "./dom.js";
import {duration, instant} from "./format.js";
import {details} from "./payload.js";

const step = 200;

/** Every event of an execution, a page at a time; each opens to what it holds. */
export class EventTable {
  element = h("div");
  #past;
  #execution;
  #shown = step;
  #filter = h("input", {type: "search", placeholder: "Type, state or error", "aria-label": "Filter events"});
  #newestFirst = h("input", {type: "checkbox"});
  #body = h("tbody");
  #more = h("button", {type: "button", onclick: () => { this.#shown += 5 * step; this.#drawn = -1; this.draw(); }});
  #drawn = -1;

  constructor({machine, name, past}) {
    this.#past = past;
    this.#execution = [machine, name];
    const again = () => { this.#drawn = -1; this.draw(); };
    this.#filter.addEventListener("input", again);
    this.#newestFirst.addEventListener("change", again);
    fill(this.element, h("div", {class: "bar"}, this.#filter, h("label", {style: {flexDirection: "row", alignItems: "center"}}, this.#newestFirst, "Newest first")),
      h("div", {class: "scroll"}, h("table", {class: "events"}, h("thead", {}, h("tr", {}, numberHead("Id"), h("th", {scope: "col"}, "Time"), h("th", {scope: "col"}, "Type"),
        h("th", {scope: "col"}, "State"), h("th", {scope: "col"}, "Error"))), this.#body)), h("p", {}, this.#more));
  }

  draw() {
    if (this.#drawn === this.#past.events.length) return;
    this.#drawn = this.#past.events.length;
    const wanted = this.#filter.value.toLowerCase();
    let found = this.#past.events;
    if (wanted) found = found.filter((event) => `${event.type} ${event.state ?? ""} ${event.error ?? ""}`.toLowerCase().includes(wanted));
    if (this.#newestFirst.checked) found = found.toReversed();
    fill(this.#body, found.slice(0, this.#shown).map((event) => this.#row(event)));
    this.#more.hidden = found.length <= this.#shown;
    this.#more.textContent = `${(found.length - this.#shown).toLocaleString()} more`;
  }

  #row(event) {
    const state = event.state ? `${event.state}${event.index === undefined ? "" : ` [${event.index}]`}` : "";
    const button = h("button", {type: "button", class: "text", "aria-expanded": "false", onclick: () => this.#toggle(event, row, button)}, event.type);
    const row = h("tr", {onclick: (click) => { if (click.target !== button && !getSelection()?.toString()) this.#toggle(event, row, button); }}, h("td", {class: "number"}, event.id), h("td", {title: `${duration(event.at - this.#past.start)} after the start`}, instant(event.at)),
      h("td", {}, button), h("td", {class: "name"}, state), h("td", {class: "failed"}, event.error ?? ""));
    return row;
  }

  async #toggle(event, row, button) {
    if (row.classList.toggle("open")) {
      const cell = h("td", {colspan: 5}, h("p", {class: "quiet"}, "…"));
      row.after(h("tr", {}, cell));
      try { fill(cell, details(await read("executions", ...this.#execution, "events", String(event.id)))); } catch (error) { fill(cell, h("p", {class: "problem"}, error.message)); }
    } else row.nextSibling.remove();
    button.setAttribute("aria-expanded", row.classList.contains("open"));
  }
}
