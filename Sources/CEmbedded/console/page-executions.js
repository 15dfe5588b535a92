import {follow, read} from "./api.js";
import {fill, h} from "./dom.js";
import {List} from "./execution-list.js";

const spans = {"": "Any time", 3600: "Last hour", 86400: "Last day", 604800: "Last week"};

/** All executions, filtered by what stands in the address. */
export async function show({main, url, signal, go}) {
  document.title = "Executions · Braid";
  const given = (name) => url.searchParams.get(name) ?? "";
  const status = h("select", {name: "status"}, [["", "Any status"], ["RUNNING", "Running"], ["SUCCEEDED", "Succeeded"], ["FAILED", "Failed"],
    ["TIMED_OUT", "Timed out"], ["ABORTED", "Aborted"]].map(([value, text]) => h("option", {value}, text)));
  status.value = given("status");
  const name = h("input", {type: "search", name: "name", placeholder: "A part of the name", value: given("name")});
  const machine = h("input", {name: "machine", list: "machines", placeholder: "Any state machine", value: given("machine")});
  const span = h("select", {name: "since"}, Object.entries(spans).map(([value, text]) => h("option", {value}, text)));
  span.value = given("since");
  const names = h("datalist", {id: "machines"});
  const since = Number(given("since")) * 1000;
  const query = {status: given("status"), name: given("name"), machine: given("machine"), from: since ? Date.now() - since : ""};

  const list = new List({
    admits: (execution) => (!query.status || execution.status === query.status) && (!query.machine || execution.machine === query.machine)
      && execution.name.toLowerCase().includes(query.name.toLowerCase()) && (!query.from || execution.started >= query.from),
  });
  const more = h("button", {type: "button"}, "Older");
  let next = null;
  const take = (page, isFirst) => {
    if (isFirst) list.show(page.executions);
    else list.append(page.executions);
    next = page.next;
    more.hidden = !next;
  };
  more.addEventListener("click", async () => take(await read("executions", {...query, before: next}), false));

  const change = () => {
    const words = new URLSearchParams();
    for (const field of [status, name, machine, span]) if (field.value) words.set(field.name, field.value);
    go(words.size ? `/executions?${words}` : "/executions", {replace: true});
  };
  for (const field of [status, machine, span]) field.addEventListener("change", change);
  let typing;
  name.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(change, 350); });
  signal.addEventListener("abort", () => clearTimeout(typing));

  take(await read("executions", query), true);
  const hadFocus = document.activeElement?.name === "name";
  fill(main,
    h("div", {class: "head"}, h("h1", {}, "Executions")),
    h("section", {class: "card", "aria-label": "Executions"},
      h("form", {class: "bar filters", role: "search", onsubmit: (event) => { event.preventDefault(); change(); }},
        h("label", {}, "Status", status), h("label", {}, "Name", name), h("label", {}, "State machine", machine, names), h("label", {}, "Started", span)),
      list.element, h("p", {}, more)));
  if (hadFocus) { name.focus(); name.setSelectionRange(name.value.length, name.value.length); }
  follow(["live"], {executions: (changed) => list.merge(changed)}, signal);
  read("overview").then(({machines}) => fill(names, machines.map(({name}) => h("option", {value: name}))), () => {});
}
