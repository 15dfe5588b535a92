import {ask, call, machinePath} from "./api.js";
import {fill, h, toast} from "./dom.js";
import {Graph} from "./graph.js";
import {machineARN} from "./page-machine.js";

const example = `{
  "Comment": "Greets, and waits a moment first",
  "StartAt": "WaitAMoment",
  "States": {
    "WaitAMoment": {
      "Type": "Wait",
      "Seconds": 1,
      "Next": "Greet"
    },
    "Greet": {
      "Type": "Pass",
      "Parameters": {
        "greeting.$": "States.Format('Hello, {}!', $.name)"
      },
      "End": true
    }
  }
}
`;

/** Creates a state machine, or edits one: what is wrong is told while it is typed, and the graph stands beside it. */
export async function show({main, names: [name], signal, go}) {
  document.title = `${name ? `Edit ${name}` : "New state machine"} · Braid`;
  const arn = name ? await machineARN(name) : null;
  const machine = arn ? await call("DescribeStateMachine", {stateMachineArn: arn}) : {definition: example, type: "STANDARD"};
  const title = h("input", {id: "name", required: true, maxlength: 80, placeholder: "Its name", value: name ?? ""});
  const type = h("select", {}, h("option", {value: "STANDARD"}, "Standard"), h("option", {value: "EXPRESS"}, "Express"));
  const text = h("textarea", {class: "code", spellcheck: "false", autocapitalize: "off", "aria-describedby": "verdict", value: machine.definition});
  const verdict = h("p", {id: "verdict", role: "status"});
  const problems = h("ul", {class: "diagnostics", "aria-label": "What is wrong with the definition"});
  const save = h("button", {class: "primary", type: "submit"}, name ? "Save" : "Create");
  const graph = new Graph((state) => reveal(text, placeOf(text.value, state)));
  let asked = 0;

  const check = async () => {
    const number = ++asked;
    const {diagnostics, graph: drawing} = await ask("check", {definition: text.value, type: type.value});
    if (number !== asked || signal.aborted) return;
    const errors = diagnostics.filter(({severity}) => severity === "ERROR");
    text.setAttribute("aria-invalid", errors.length > 0);
    save.disabled = errors.length > 0;
    verdict.className = errors.length ? "problem" : "good";
    verdict.textContent = errors.length ? `${errors.length} ${errors.length === 1 ? "error" : "errors"}` : "The definition is valid.";
    fill(problems, diagnostics.map((one) => h("li", {}, h("button", {type: "button", onclick: () => reveal(text, offsetOf(text.value, one.path))},
      h("span", {class: `tag ${one.severity.toLowerCase()}`}, one.code), one.message, one.place ? h("span", {class: "quiet"}, ` ${one.place}`) : null))));
    if (drawing) graph.show(drawing);
    graph.blame(new Set(errors.map(({path}) => stateOf(path)).filter(Boolean)));
  };
  let typing;
  const soon = () => { clearTimeout(typing); typing = setTimeout(() => check().catch((error) => toast(error.message)), 250); };
  text.addEventListener("input", soon);
  type.addEventListener("change", soon);
  signal.addEventListener("abort", () => clearTimeout(typing));

  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      if (arn) await call("UpdateStateMachine", {stateMachineArn: arn, definition: text.value});
      else await call("CreateStateMachine", {name: title.value, definition: text.value, type: type.value, roleArn: "arn:aws:iam::123456789012:role/console"});
      go(machinePath(name ?? title.value));
    } catch (error) {
      toast(error.message);
      save.disabled = false;
    }
  };
  fill(main,
    h("div", {class: "crumbs"}, h("a", {href: "/"}, "State machines"), " /", name ? [" ", h("a", {href: machinePath(name)}, name), " /"] : null),
    h("form", {onsubmit: submit},
      h("div", {class: "head"}, h("h1", {}, name ? `Edit ${name}` : "New state machine"), h("span", {class: "spring"}),
        h("div", {class: "actions"}, name ? h("a", {class: "button", href: machinePath(name)}, "Cancel") : null, save)),
      h("div", {class: "split"},
        h("section", {class: "card editor", "aria-label": "Definition"},
          name ? null : h("div", {class: "bar"}, h("label", {}, "Name", title), h("label", {}, "Type", type)),
          h("label", {class: "wide"}, "Definition in the Amazon States Language", text), verdict, problems),
        h("section", {class: "card", "aria-label": "Graph"}, graph.element))));
  await check();
}

/** Puts the cursor to a place, and the place into view. */
function reveal(text, offset) {
  text.focus();
  text.setSelectionRange(offset, offset);
  const line = text.value.slice(0, offset).split("\n").length;
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 8) * height);
}

/** The state that a JSON pointer leads into: its last one. */
function stateOf(path) {
  const steps = (path ?? "").split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const place = steps.findLastIndex((step, index) => step === "States" && index + 1 < steps.length);
  return place < 0 ? null : steps[place + 1];
}

const placeOf = (definition, state) => Math.max(0, definition.indexOf(`${JSON.stringify(state)}:`, definition.indexOf("\"States\"")));

/** Where a JSON pointer's last member stands in the text, near enough: its names are looked for one behind the other. */
function offsetOf(definition, path) {
  let offset = 0;
  for (const step of (path ?? "").split("/").slice(1)) {
    const name = JSON.stringify(step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const found = definition.indexOf(name, offset);
    if (found >= 0) offset = found;
  }
  return offset;
}
