/** What the service said no to. */
export class Refused extends Error {
  constructor(name, message, code) { super(message || name); this.name = name; this.code = code; }
}

async function answer(response) {
  const text = await response.text();
  let body = {};
  try { body = text ? JSON.parse(text) : {}; } catch { /* what is no JSON says nothing */ }
  if (response.ok) return body;
  const name = (body.__type ?? "").split("#").pop();
  throw new Refused(name, body.message ?? body.Message ?? `The service answered ${response.status}`, response.status);
}

/** Calls an action of the AWS protocol, as any client does. */
export async function call(action, request) {
  return answer(await fetch("/", {
    method: "POST",
    headers: {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": `AWSStepFunctions.${action}`},
    body: JSON.stringify(request),
  }));
}

/** Reads what a page is made of: `read("executions", machine, name)`. */
export async function read(...path) {
  const query = typeof path.at(-1) === "object" ? path.pop() : {};
  return answer(await fetch(address(path, query)));
}

export async function ask(what, request) {
  return answer(await fetch(`/console/${what}`, {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(request),
  }));
}

function address(path, query = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  const tail = words.size ? `?${words}` : "";
  return `/console/${path.map(encodeURIComponent).join("/")}${tail}`;
}

/** Where a state machine and an execution have their pages. */
export const machinePath = (name) => `/machines/${encodeURIComponent(name)}`;
export const executionPath = (machine, name) => `/executions/${encodeURIComponent(machine)}/${encodeURIComponent(name)}`;

let open = 0;
function tell(state) {
  const live = document.getElementById("live");
  live.hidden = open === 0;
  live.dataset.state = state;
  live.textContent = state === "live" ? "Live" : "Reconnecting";
}

/**
 * Follows what happens until the signal is aborted. The browser reconnects by itself and tells the last event it has; while
 * nobody looks at the page nothing is followed, and it goes on from there afterwards.
 */
export function follow(path, handlers, signal, after = () => 0) {
  let source = null;
  const begin = () => {
    const known = after();
    source = new EventSource(address(path, known ? {after: known} : {}));
    source.onopen = () => tell("live");
    source.onerror = () => {
      tell("waiting");
      // A refusal closes it for good: it is tried again all the same.
      if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(() => { if (!source && !signal.aborted && !document.hidden) begin(); }, 2000); }
    };
    for (const [name, take] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => take(JSON.parse(event.data)));
    }
  };
  const end = () => { source?.close(); source = null; };
  open += 1;
  tell("waiting");
  begin();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) end();
    else if (!source) begin();
  }, {signal});
  signal.addEventListener("abort", () => { end(); open -= 1; tell("live"); });
}
