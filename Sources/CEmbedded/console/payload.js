import {h} from "./dom.js";
import {bytes, pretty} from "./format.js";

const most = 100_000;

/** JSON over lines, with a button that copies it as it is; of a very long one the beginning, until all is wanted. */
export function payload(text) {
  const box = h("pre", {tabindex: "0"});
  const copy = h("button", {type: "button", onclick: async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = "Copied";
  }}, "Copy");
  const element = h("div", {class: "payload"}, box, copy);
  if (text.length <= most) box.textContent = pretty(text);
  else {
    box.textContent = `${text.slice(0, most)}…`;
    element.append(h("button", {type: "button", style: {position: "static"}, onclick: (event) => { box.textContent = pretty(text); event.target.remove(); }},
      `Show all ${bytes(text.length)}`));
  }
  return element;
}

/** What an event holds, each payload laid out. */
export function details(event) {
  const entries = Object.entries(event.details);
  if (!entries.length) return h("p", {class: "quiet"}, "Nothing more.");
  return entries.map(([name, value]) => {
    const isPayload = value !== null && typeof value === "object" && typeof value.payload === "string";
    const shown = isPayload ? payload(value.payload) : h("pre", {}, typeof value === "object" ? JSON.stringify(value, null, 2) : String(value));
    return [h("h3", {}, name), shown];
  });
}


/** Why something failed; of what a function raised the message first, then where. */
export function cause(text) {
  let raised = null;
  try { raised = JSON.parse(text); } catch { /* words of a person's own */ }
  if (typeof raised?.errorMessage !== "string") return h("pre", {tabindex: "0"}, text);
  const trace = [raised.stackTrace ?? raised.trace ?? []].flat().map((line) => Array.isArray(line) ? line.join(" ") : String(line));
  return [h("p", {}, raised.errorMessage), trace.length ? h("pre", {tabindex: "0"}, trace.join("\n").replaceAll("\n\n", "\n")) : null];
}
