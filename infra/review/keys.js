/** Keyboard shortcuts. Each is one key without modifiers, silent while somebody types, and can be switched off. */

const SETTING = "cleanplate.keys";
const groups = new Set();

/** Whether single keys work (WCAG 2.1.4: they can be switched off on the help sheet). */
export const enabled = () => localStorage.getItem(SETTING) !== "off";
export const enable = (on) => localStorage.setItem(SETTING, on ? "on" : "off");

/**
 * Let keys work until `signal` says stop. A shortcut is `{keys: ["a"], words, run}`; `up` is called when the key is let go.
 * Keys are what `event.key` says, letters in lower case, with `Shift+` before both where it is held. Those of an open
 * dialog (`within`) shut out all others.
 */
export function use(title, shortcuts, signal, within = null) {
  const group = { title, shortcuts, within };
  groups.add(group);
  signal.addEventListener("abort", () => groups.delete(group));
}

/** What works now, for the help sheet: `[{title, shortcuts}]`. */
export function active() {
  const dialog = openDialog();
  return [...groups].filter((group) => (dialog ? group.within === dialog : !group.within));
}

/** The key of an event in our notation. */
export function nameOf(event) {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shifted = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  return shifted ? `Shift+${name}` : name;
}

function openDialog() {
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? null;
}

function taken(event) {
  const at = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (!at && event.target.closest?.("[role=region]")) return event.key.length > 1 || event.key === " "; // it scrolls
  if (!at) return event.target.closest?.("button, a, summary") ? [" ", "Enter"].includes(event.key) : false;
  if (at.matches("textarea, select, input:not([type]), input[type=text], input[type=number], [contenteditable]"))
    return true;
  if (at.matches(".slider")) return !["ArrowLeft", "ArrowRight"].includes(event.key) && event.key.length > 1;
  return event.key.length > 1 || event.key === " "; // ranges, radios and boxes use arrows and space, but no letters
}

function dispatch(event, phase) {
  if (!enabled() && event.key.length === 1 && event.key !== "?") return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || taken(event)) return;
  const name = nameOf(event);
  for (const { shortcuts } of active()) {
    const found = shortcuts.find(({ keys }) => keys.includes(name));
    if (!found?.[phase]) continue;
    event.preventDefault();
    if (!event.repeat || found.repeats) found[phase](event);
    return;
  }
}

addEventListener("keydown", (event) => dispatch(event, "run"));
addEventListener("keyup", (event) => dispatch(event, "up"));
