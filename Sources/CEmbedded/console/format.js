/** A duration in its two largest units: `340 ms`, `12.5 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  const time = Math.max(0, Math.round(milliseconds));
  const seconds = Math.floor(time / 1000);
  if (seconds < 1) return `${time} ms`;
  if (seconds < 60) return `${(Math.floor(time / 100) / 10).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}

export function ago(time) {
  const passed = Date.now() - time;
  return passed < 1500 ? "just now" : `${duration(passed - passed % 1000)} ago`.replace(/\.\d s/, " s");
}

export function clock(time) {
  return time ? new Date(time).toLocaleString(undefined, {dateStyle: "medium", timeStyle: "medium"}) : "";
}

/** The time of day to the millisecond. */
export function instant(time) {
  const date = new Date(time);
  return `${date.toLocaleTimeString(undefined, {hour12: false})}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function bytes(count) {
  if (count < 10 << 10) return `${count} B`;
  if (count < 10 << 20) return `${count >> 10} KB`;
  return count < 10 * 2 ** 30 ? `${count >> 20} MB` : `${Math.floor(count / 2 ** 30)} GB`;
}

/** Lays JSON out over lines, token by token: numbers keep their spelling, which JavaScript's own would not. */
export function pretty(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let result = "";
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      result += token;
      if (next !== "}" && next !== "]") { depth += 1; result += line(); }
    } else if (token === "}" || token === "]") {
      const before = tokens[index - 1];
      if (before !== "{" && before !== "[") { depth = Math.max(0, depth - 1); result += line(); }
      result += token;
    } else if (token === ",") result += "," + line();
    else if (token === ":") result += ": ";
    else result += token;
  });
  return result;
}

/** Why a text is not JSON; null where it is. */
export function whyNotJSON(text) {
  try { JSON.parse(text); return null; } catch (error) { return error.message; }
}
