import {executionPath, machinePath} from "./api.js";
import {fill, h, numberHead, status, table} from "./dom.js";
import {ago, clock, duration} from "./format.js";

/** A list of executions that changes in place while they start and end. */
export class List {
  element = h("div");
  #executions = [];
  #isNew = new Set();
  #admits;
  #showMachine;
  #path;
  #limit;

  /** `admits` tells which executions that come later belong here, `path` where one has its page. */
  constructor({showMachine = true, admits = () => true, path, limit = 50} = {}) {
    this.#showMachine = showMachine;
    this.#path = path;
    this.#admits = admits;
    this.#limit = limit;
  }

  get last() { return this.#executions.at(-1); }

  show(executions) {
    this.#executions = executions;
    this.#draw();
  }

  append(executions) {
    this.#limit += executions.length;
    this.show([...this.#executions, ...executions]);
  }

  merge(changed) {
    const known = new Map(this.#executions.map((execution) => [execution.id, execution]));
    this.#isNew = new Set(changed.map(({id}) => id).filter((id) => !known.has(id)));
    for (const execution of changed) known.set(execution.id, execution);
    this.show([...known.values()].filter(this.#admits).sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, this.#limit));
  }

  #draw() {
    const rows = this.#executions.map((execution) => executionRow(execution, this.#showMachine, this.#isNew.has(execution.id), this.#path));
    const heads = ["Status", "Execution", this.#showMachine ? "State machine" : null, h("th", {scope: "col", class: "hide-narrow"}, "Started"), numberHead("Duration")];
    fill(this.element, table(heads.filter(Boolean), rows, "No executions."));
  }
}

export function executionRow(execution, showMachine, isNew, path = ({machine, name}) => executionPath(machine, name)) {
  const end = execution.stopped ?? Date.now();
  return h("tr", {class: isNew ? "new" : null},
    h("td", {}, status(execution.status)),
    h("td", {class: "name"}, h("a", {href: path(execution)}, execution.name),
      execution.redrives ? h("span", {class: "quiet"}, ` redriven ${execution.redrives}×`) : null),
    showMachine ? h("td", {class: "name"}, h("a", {href: machinePath(execution.machine)}, execution.machine)) : null,
    h("td", {class: "quiet hide-narrow", title: clock(execution.started)}, ago(execution.started)),
    h("td", {class: "number"}, execution.status === "RUNNING" && !execution.stopped ? h("span", {class: "quiet"}, duration(end - execution.started)) : duration(end - execution.started)));
}
