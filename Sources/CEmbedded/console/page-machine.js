import {ask, call, follow, machinePath, read} from "./api.js";
import {fill, h} from "./dom.js";
import {Graph} from "./graph.js";
import {List} from "./execution-list.js";

/** The ARN of a state machine, by what the service says of itself. */
export async function machineARN(name) {
  const {region, account} = await read("overview");
  return `arn:aws:states:${region}:${account}:stateMachine:${name}`;
}

/** One state machine: its graph, its definition, its executions. */
export async function show({main, names: [name], signal}) {
  document.title = `${name} · Braid`;
  const machine = await call("DescribeStateMachine", {stateMachineArn: await machineARN(name)});
  const graph = new Graph();
  const list = new List({showMachine: false, admits: (execution) => execution.machine === name, limit: 20});
  const [checked, found] = await Promise.all([ask("check", {definition: machine.definition, type: machine.type}), read("executions", {machine: name})]);
  list.show(found.executions.slice(0, 20));
  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/"}, "State machines"), " /"),
    h("div", {class: "head"}, h("h1", {}, name), h("span", {class: "quiet"}, machine.type.toLowerCase()), h("span", {class: "spring"}),
      h("div", {class: "actions"},
        h("a", {class: "button primary", href: `/start/${encodeURIComponent(name)}`}, "Start"),
        h("a", {class: "button", href: `${machinePath(name)}?edit`}, "Edit"))),
    h("div", {class: "split uneven"},
      h("section", {class: "card", "aria-label": "Graph"}, graph.element),
      h("div", {},
        h("section", {class: "card", "aria-label": "Executions"},
          h("div", {class: "bar"}, h("h2", {}, "Executions"), h("span", {class: "spring"}), h("a", {href: `/executions?machine=${encodeURIComponent(name)}`}, "All of them")),
          list.element),
        h("section", {class: "card"}, h("details", {}, h("summary", {}, "Definition"), h("pre", {}, machine.definition))))));
  graph.show(checked.graph);
  follow(["live"], {executions: (changed) => list.merge(changed)}, signal);
}
