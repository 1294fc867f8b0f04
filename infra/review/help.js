/** The sheet that lists what keys do here, on `?`. */

import { el } from "./dom.js";
import * as keys from "./keys.js";

const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", " ": "Space" };

/** Show the sheet for what is active now. */
export function showHelp() {
  const [everywhere, ...here] = keys.active(); // what belongs to this view first
  const groups = [...here, everywhere].filter(Boolean);
  const box = el("input", {
    type: "checkbox",
    checked: keys.enabled(),
    onchange: (event) => keys.enable(event.target.checked),
  });
  const dialog = el(
    "dialog",
    { class: "help-sheet", "aria-labelledby": "help-title" },
    el(
      "form",
      { method: "dialog", class: "heading" },
      el("h2", { id: "help-title" }, "Keys"),
      el("button", { class: "close", "aria-label": "Close" }, "×"),
    ),
    el("div", { class: "key-groups" }, ...groups.map(group)),
    el("label", { class: "choice" }, box, el("span", {}, "Single keys are on")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function group({ title, shortcuts }) {
  const rows = shortcuts
    .filter(({ words }) => words)
    .flatMap(({ keys: names, words }) => [
      el("dt", {}, ...names.map((name) => el("kbd", {}, shown(name)))),
      el("dd", {}, words),
    ]);
  return el("section", {}, el("h3", {}, title), el("dl", { class: "keys" }, ...rows));
}

function shown(name) {
  const parts = name.split("+").map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return name === "+" ? "+" : parts.join(" ");
}
