import {call, executionPath, machinePath, read} from "./api.js";
import {fill, h, toast} from "./dom.js";
import {pretty, whyNotJSON} from "./format.js";
import {machineARN} from "./page-machine.js";

/** Starts an execution: its input is checked while it is typed, and that of an earlier one is offered. */
export async function show({main, names: [name], url, go}) {
  document.title = `Start ${name} · Braid`;
  const from = url.searchParams.get("from");
  const {executions} = await read("executions", {machine: name});
  const model = from ?? executions[0]?.name;
  const known = model ? await read("executions", name, model).catch(() => null) : null;
  const input = h("textarea", {class: "code", rows: 16, spellcheck: "false", "aria-describedby": "verdict", value: known ? pretty(known.input) : "{\n}\n"});
  const title = h("input", {maxlength: 80, placeholder: "Given by Braid if left empty"});
  const verdict = h("p", {id: "verdict", role: "status"});
  const begin = h("button", {class: "primary", type: "submit"}, "Start");
  const check = () => {
    const reason = whyNotJSON(input.value);
    input.setAttribute("aria-invalid", reason !== null);
    verdict.className = reason ? "problem" : "good";
    verdict.textContent = reason ? `The input is not JSON: ${reason}` : "The input is JSON.";
    begin.disabled = reason !== null;
  };
  input.addEventListener("input", check);
  const submit = async (event) => {
    event.preventDefault();
    begin.disabled = true;
    try {
      const request = {stateMachineArn: await machineARN(name), input: input.value};
      if (title.value) request.name = title.value;
      const {executionArn} = await call("StartExecution", request);
      go(executionPath(name, executionArn.split(":").at(-1)));
    } catch (error) {
      toast(error.message);
      begin.disabled = false;
    }
  };
  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/"}, "State machines"), " / ", h("a", {href: machinePath(name)}, name), " /"),
    h("form", {onsubmit: submit},
      h("div", {class: "head"}, h("h1", {}, `Start ${name}`), h("span", {class: "spring"}),
        h("div", {class: "actions"}, h("a", {class: "button", href: machinePath(name)}, "Cancel"), begin)),
      h("section", {class: "card"},
        h("label", {class: "wide"}, "Name", title),
        h("label", {class: "wide"}, known ? `Input, to begin with that of ${model}` : "Input", input), verdict)));
  check();
}
