import {read} from "./api.js";
import {fill, h, status} from "./dom.js";
import {duration, instant} from "./format.js";
import {cause, payload} from "./payload.js";

/** What a chosen state did: its visits, each with input, output, error, attempts and duration; a Map's iterations. */
export class Inspector {
  element = h("div");
  state = null;
  /** The iteration that the graph is narrowed to. */
  iteration = null;
  #visit = null;
  #past;
  #execution;
  #onIteration;
  #shown = "";
  #loaded = new Map();

  constructor({machine, name, past, onIteration}) {
    this.#past = past;
    this.#execution = [machine, name];
    this.#onIteration = onIteration;
    fill(this.element, h("p", {class: "empty"}, "Choose a state in the graph to see what it did."));
  }

  select(state, visit = null) {
    this.state = state;
    this.#visit = visit;
    this.#shown = "";
    this.refresh();
  }

  /** Draws again where something that is shown has changed. */
  refresh() {
    if (!this.state) return;
    const visits = this.#past.states(this.iteration).get(this.state)?.visits ?? [];
    const visit = this.#visit && visits.includes(this.#visit) ? this.#visit : visits.findLast((one) => one.status === "failed") ?? visits.at(-1);
    const key = JSON.stringify([this.state, this.iteration?.id, visits.length, visit?.id, visit?.status, visit?.events.length, this.#progress(visit)]);
    if (key === this.#shown) return;
    this.#shown = key;
    if (!visit) {
      fill(this.element, h("h2", {}, this.state), this.#narrowed(), h("p", {class: "quiet"}, "Not entered yet."));
      return;
    }
    const content = [h("h2", {}, this.state), this.#narrowed(), visits.length > 1 ? this.#picker(visits, visit) : null, this.#facts(visit)];
    if (visit.type === "Map") content.push(this.#iterations(visit));
    if (visit.error) content.push(h("h3", {}, visit.status === "succeeded" ? "Error of an earlier attempt" : "Error"), h("p", {class: "failed"}, visit.error), visit.cause ? cause(visit.cause) : null);
    content.push(...this.#data("Input", visit.id, "input"));
    if (visit.exit) content.push(...this.#data("Output", visit.exit, "output"));
    const attempts = this.#attempts(visit);
    if (attempts.length > 1) content.push(h("h3", {}, "Attempts"), h("ol", {class: "small"}, attempts));
    fill(this.element, content);
  }

  #progress(visit) { return visit?.type === "Map" ? this.#past.iterationsOf(visit).map(({status}) => status[0]).join("") : ""; }

  #narrowed() {
    if (!this.iteration) return null;
    return h("p", {class: "small"}, `The graph shows iteration ${this.iteration.index} of ${this.iteration.visit.state}. `,
      h("button", {type: "button", class: "plain", onclick: () => this.#narrow(null)}, "Show all"));
  }

  #narrow(iteration) {
    this.iteration = iteration;
    this.#visit = null;
    this.#shown = "";
    this.#onIteration();
  }

  #picker(visits, chosen) {
    const place = visits.indexOf(chosen);
    const go = (index) => this.select(this.state, visits[(index + visits.length) % visits.length]);
    const number = h("input", {type: "number", min: 1, max: visits.length, value: place + 1, "aria-label": "Visit", style: {width: "5.5rem"},
      onchange: (event) => go(Math.min(Math.max(1, Number(event.target.value) || 1), visits.length) - 1)});
    const failed = visits.filter((visit) => visit.status === "failed");
    return h("div", {class: "bar"}, h("span", {class: "quiet"}, "Visit"),
      h("button", {type: "button", "aria-label": "The visit before", onclick: () => go(place - 1)}, "‹"), number,
      h("button", {type: "button", "aria-label": "The next visit", onclick: () => go(place + 1)}, "›"),
      h("span", {class: "quiet"}, `of ${visits.length.toLocaleString()}`),
      failed.length ? h("button", {type: "button", class: "danger", onclick: () => this.select(this.state, failed[(failed.indexOf(chosen) + 1) % failed.length])}, `${failed.length} failed`) : null);
  }

  #facts(visit) {
    const facts = [["Status", status(visit.status)], ["Type", visit.type]];
    if (visit.iteration) facts.push(["Iteration", [`${visit.iteration.index} of ${visit.iteration.visit.state} `,
      this.iteration === visit.iteration ? null : h("button", {type: "button", class: "plain", onclick: () => this.#narrow(visit.iteration)}, "Show it in the graph")]]);
    facts.push(["Entered", instant(visit.at)]);
    if (visit.end !== null) facts.push(["Duration", duration(visit.end - visit.at)]);
    if (visit.attempts) facts.push(["Attempts", visit.attempts]);
    return h("dl", {class: "facts"}, facts.map(([term, fact]) => [h("dt", {}, term), h("dd", {}, fact)]));
  }

  #iterations(visit) {
    if (visit.events.some(({type}) => type === "MapRunStarted")) return h("p", {class: "quiet"}, "Its items are the children of its map run, above.");
    const iterations = this.#past.iterationsOf(visit);
    const count = (word) => iterations.filter(({status}) => status === word).length;
    const total = visit.items ?? iterations.length;
    if (!total) return h("h3", {}, "Iterations: 0");
    const parts = ["succeeded", "failed", "aborted", "running"].map((word) => [word, count(word)]).filter(([, number]) => number);
    const pick = h("input", {type: "number", min: 0, max: Math.max(0, total - 1), placeholder: "0", "aria-label": "Iteration", style: {width: "6rem"},
      value: this.iteration?.visit === visit ? this.iteration.index : ""});
    pick.addEventListener("change", () => this.#narrow(pick.value === "" ? null : iterations.find(({index}) => index === Number(pick.value)) ?? null));
    return [h("h3", {}, `Iterations: ${total.toLocaleString()}`),
      h("div", {class: "meter", role: "img", "aria-label": parts.map(([word, number]) => `${number} ${word}`).join(", ")},
        parts.map(([word, number]) => h("span", {class: word, style: {width: `${100 * number / Math.max(1, total)}%`}}))),
      h("div", {class: "legend small"}, parts.map(([word, number]) => h("span", {class: `status ${word}`}, `${number.toLocaleString()} ${word}`)),
        total > iterations.length ? h("span", {class: "quiet"}, `${total - iterations.length} not started`) : null),
      h("div", {class: "bar", style: {marginTop: ".5rem"}}, h("label", {}, "Show only the iteration", pick),
        iterations.some(({status}) => status === "failed") ? h("button", {type: "button", class: "danger", onclick: () => this.#narrow(iterations.find(({status}) => status === "failed"))}, "First failed") : null)];
  }

  #attempts(visit) {
    const items = [];
    let begun = null;
    for (const event of visit.events) {
      if (event.type.endsWith("Scheduled")) begun = event.at;
      else if (begun !== null && /Succeeded$|Failed$|TimedOut$/.test(event.type) && !event.type.startsWith("Execution")) {
        const word = event.type.endsWith("Succeeded") ? "succeeded" : "failed";
        items.push(h("li", {}, h("span", {class: word}, word === "failed" ? event.error ?? event.type : "succeeded"), ` after ${duration(event.at - begun)}`));
        begun = null;
      }
    }
    if (begun !== null) items.push(h("li", {}, "under way"));
    return items;
  }

  /** A payload of an event, fetched when it is wanted. */
  #data(title, event, member) {
    const box = h("div", {}, h("p", {class: "quiet"}, "…"));
    const key = `${event}`;
    const loading = this.#loaded.get(key) ?? read("executions", ...this.#execution, "events", key);
    this.#loaded.set(key, loading);
    loading.then(({details}) => fill(box, details[member] ? payload(details[member].payload) : h("p", {class: "quiet"}, "None.")),
      (error) => { this.#loaded.delete(key); fill(box, h("p", {class: "problem"}, error.message)); });
    return [h("h3", {}, title), box];
  }
}
