/** What the page says to its reader: shown for some seconds, and spoken by screen readers. */

import { el } from "./dom.js";

const SECONDS = { said: 6, warned: 15 };

/** Something went as it should. */
export const say = (words) => put("said", words);

/** Something needs attention. */
export const warn = (words) => put("warned", words);

/** Take all messages away: what they spoke of is past. */
export function hush() {
  for (const id of Object.keys(SECONDS)) document.getElementById(id).replaceChildren();
}

function put(id, words) {
  const close = el(
    "button",
    { type: "button", class: "close", "aria-label": "Close this message", onclick: () => note.remove() },
    "×",
  );
  const note = el("p", { class: "message" }, el("span", {}, words), close);
  document.getElementById(id).replaceChildren(note);
  setTimeout(() => note.remove(), SECONDS[id] * 1000);
}

/** Ask before something that reaches far; resolves to whether the person agreed. */
export function confirm(title, body, { yes }) {
  return new Promise((resolve) => {
    const dialog = el(
      "dialog",
      { class: "small", "aria-labelledby": "confirm-title" },
      el("h2", { id: "confirm-title" }, title),
      body,
      el(
        "form",
        { method: "dialog", class: "ends" },
        el("button", { value: "no" }, "Cancel"),
        el("button", { value: "yes", class: "primary", autofocus: true }, yes),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
