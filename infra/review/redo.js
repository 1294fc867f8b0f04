/** The redo dialog: change the mask and the settings, try it, then begin a new attempt. */

import { button, el } from "./dom.js";
import * as keys from "./keys.js";
import { Painter } from "./painter.js";
import { changesForm, readForm } from "./redo_form.js";
import { paintKeys, paintTools } from "./paint_tools.js";
import { Trial } from "./trial.js";

/** Open it. Resolves to the new run's id, or `null` if nothing was begun. */
export function openRedo({ item, place, page }) {
  const over = new AbortController();
  const said = el("p", { class: "spoken", role: "status" });
  const say = (words) => (said.textContent = words);
  const painter = item.proofs ? new Painter(item, { signal: over.signal, changed: () => tools?.refresh(), say }) : null;
  const tools = painter && paintTools(painter);
  const form = changesForm(item);
  const result = el("div", { class: "trial", hidden: true });
  const bench = painter
    ? el("div", { class: "bench" }, painter.frame, tools.node)
    : el("p", { class: "notice" }, "There are no pictures to paint on yet.");
  const work = el("div", { class: "work" }, bench, result);
  const trial = new Trial(page.api, place, item, { signal: over.signal, say, show: (on) => showTrial(on) });
  const tryIt = button("Try quickly", { key: "T", class: "outlined", onclick: () => attempt() });
  const begin = button("Redo", { key: "Ctrl ↵", spoken: "Control+Enter", class: "primary", onclick: () => send() });
  const close = () => dialog.close();
  const dialog = el(
    "dialog",
    { class: "redo-dialog", "aria-labelledby": "redo-title" },
    el(
      "div",
      { class: "heading" },
      el("h2", { id: "redo-title" }, "Redo with changes"),
      el("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "×"),
    ),
    work,
    el("div", { class: "settings" }, form),
    el(
      "div",
      { class: "ends" },
      said,
      button("Cancel", { key: "Esc", spoken: "Escape", onclick: close }),
      tryIt,
      begin,
    ),
  );
  const changes = () => ({ ...(painter?.drawn.changes() ?? {}), ...readForm(form) });

  function showTrial(on) {
    result.hidden = !on;
    bench.hidden = on;
    if (on) result.replaceChildren(...trial.nodes);
    // What was pressed is hidden now; without this the keyboard would be outside of the dialog.
    (on ? result.querySelector("input, button") : (painter?.frame ?? dialog)).focus();
  }

  const nothing = () =>
    painter?.drawn.empty && (say("The mask is empty: paint what is to be replaced, or undo."), true);

  async function attempt() {
    if (nothing() || tryIt.disabled) return;
    tryIt.disabled = true;
    await trial.run(changes()).catch((problem) => say(problem.message));
    tryIt.disabled = false;
  }

  let run = null;
  async function send() {
    if (nothing() || begin.disabled) return;
    begin.disabled = true;
    try {
      run = (await page.api.redo(place, changes())).run_id;
      dialog.close();
    } catch (problem) {
      say(problem.message);
      begin.disabled = false;
    }
  }

  return new Promise((resolve) => {
    keys.use(
      "Redo",
      [
        ...(painter
          ? paintKeys(
              painter,
              () => !bench.hidden,
              (step) => trial.slide(step),
            )
          : []),
        { keys: ["t"], words: "Try quickly", run: attempt },
      ],
      over.signal,
      dialog,
    );
    const commit = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && send();
    document.addEventListener("keydown", commit, { signal: over.signal });
    dialog.addEventListener("close", () => {
      over.abort();
      dialog.remove();
      resolve(run);
    });
    document.body.append(dialog);
    dialog.showModal();
    painter?.open();
    tools?.refresh();
    (painter?.frame ?? dialog).focus();
  });
}
