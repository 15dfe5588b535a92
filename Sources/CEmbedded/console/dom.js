/** Makes an element: `h("a", {href: "/", class: "quiet"}, "Home")`. Text is text: nothing is ever read as HTML. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "style") {
      if (key === "style") Object.assign(element.style, value);
      else element[key] = value;
    } else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function status(word) {
  const name = word.toLowerCase();
  return h("span", {class: `status ${name}`}, name.replace("_", " ").replace(/^./, (letter) => letter.toUpperCase()));
}

let toastTimer;
/** Says something that is gone again after some seconds; screen readers read it out. */
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 7000);
}

/** Runs at most once in so many milliseconds, and once more at the end. */
export function throttled(milliseconds, run) {
  let timer = null;
  let again = false;
  return () => {
    if (timer) { again = true; return; }
    run();
    timer = setTimeout(function next() {
      timer = null;
      if (again) { again = false; run(); timer = setTimeout(next, milliseconds); }
    }, milliseconds);
  };
}

/** A table that says so where it has no rows. */
export function table(heads, rows, empty = "Nothing here yet.") {
  if (!rows.length) return h("p", {class: "empty"}, empty);
  const cells = heads.map((head) => typeof head === "string" ? h("th", {scope: "col"}, head) : head);
  return h("div", {class: "scroll"}, h("table", {}, h("thead", {}, h("tr", {}, cells)), h("tbody", {}, rows)));
}

export const numberHead = (text) => h("th", {scope: "col", class: "number"}, text);
