/** Builds elements: the page has no templates, and text never becomes markup. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "indeterminate", "selected"]);

/**
 * An HTML element. `on...` attributes are listeners; `true` sets an empty attribute; `null` and `false` set none.
 * Children are nodes or text; `null` and `false` are left out.
 */
export function el(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

/** A button with its key shown. The key is part of no name: screen readers get it as `aria-keyshortcuts`. */
export function button(label, { key, spoken = key, ...attributes } = {}) {
  const shown = key ? el("kbd", { "aria-hidden": "true" }, key) : null;
  return el(
    "button",
    { type: "button", "aria-keyshortcuts": spoken ?? null, ...attributes },
    el("span", {}, label),
    shown,
  );
}

let fields = 0;

/** A labelled field: `field("Recipe", select)`. A hint is read after the label. */
export function field(label, control, hint = null) {
  const id = `field-${(fields += 1)}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    control,
    hint && el("small", { id: `${id}-hint` }, hint),
  );
}

/** A select of `[value, words]` pairs. */
export function select(options, chosen = "", attributes = {}) {
  const made = options.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
  return el("select", attributes, ...made);
}

/** Prose in which `names` stand between backticks, as nodes. */
export function prose(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
