/** Approve, reject, redo, skip: the four ways on, and the dialog that a rejection needs. */

import { button, el, field } from "./dom.js";
import * as keys from "./keys.js";
import { reasonWords } from "./words.js";

const REASON_KEYS = "1234567890";

/** The four buttons. What the reviewer may not do is there, and says why not. */
export function actionBar({ may }, { approve, reject, redo, skip }) {
  const make = (label, key, run, allowed, why = null) =>
    button(label, {
      key,
      class: `action ${label.toLowerCase()}`,
      onclick: run,
      disabled: !allowed,
      title: allowed ? null : why,
    });
  return [
    make("Approve", "A", approve, may.approve, may.approve_why_not),
    make("Reject", "R", reject, may.reject, "You may not reject this"),
    make("Redo", "D", redo, may.redo, "This cannot be made anew"),
    make("Skip", "S", skip, true),
  ];
}

/** Ask why, and what is to be delivered instead. Resolves to the verdict to post, or `null`. */
export function askRejection({ choices }) {
  const reasons = choices.reasons.map((reason, index) =>
    radio("reason", reason, reasonWords(reason), REASON_KEYS[index], { required: true }),
  );
  const deliver = [
    radio("deliver", "nothing", "Nothing", "N", { checked: true }),
    radio("deliver", "original", "The original, as it was uploaded", "O"),
  ];
  const comment = el("textarea", { name: "comment", rows: "2", maxlength: "500" });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "reject-title" }, "What is wrong?"),
    el("fieldset", {}, el("legend", { class: "unseen" }, "Reason"), el("div", { class: "choices two" }, ...reasons)),
    el("fieldset", {}, el("legend", {}, "Deliver instead"), el("div", { class: "choices two" }, ...deliver)),
    field("Comment", comment, "if it helps somebody"),
    el(
      "div",
      { class: "ends" },
      button("Cancel", { key: "Esc", spoken: "Escape", onclick: () => dialog.close() }),
      el(
        "button",
        { value: "reject", class: "primary" },
        el("span", {}, "Reject"),
        el("kbd", { "aria-hidden": "true" }, "↵"),
      ),
    ),
  );
  const dialog = el("dialog", { class: "reject-dialog", "aria-labelledby": "reject-title" }, form);
  return new Promise((resolve) => {
    const over = new AbortController();
    keys.use("Reject", rejectionKeys(form, choices.reasons), over.signal, dialog);
    form.addEventListener("keydown", (event) => submitOnEnter(event, form));
    dialog.addEventListener("close", () => {
      over.abort();
      dialog.remove();
      resolve(dialog.returnValue === "reject" ? said(form) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    form.querySelector("input").focus();
  });
}

function radio(name, value, words, key, more = {}) {
  return el(
    "label",
    { class: "choice" },
    el("input", { type: "radio", name, value, "aria-keyshortcuts": key, ...more }),
    el("span", {}, words),
    el("kbd", { "aria-hidden": "true" }, key),
  );
}

function rejectionKeys(form, reasons) {
  const pick = (name, value) => {
    const box = form.querySelector(`[name=${name}][value="${value}"]`);
    box.checked = true;
    box.focus();
  };
  return [
    ...reasons.slice(0, REASON_KEYS.length).map((reason, index) => ({
      keys: [REASON_KEYS[index]],
      words: reasonWords(reason),
      run: () => pick("reason", reason),
    })),
    { keys: ["n"], words: "Deliver nothing", run: () => pick("deliver", "nothing") },
    { keys: ["o"], words: "Deliver the original", run: () => pick("deliver", "original") },
    { keys: ["c"], words: "Write a comment", run: () => form.querySelector("textarea").focus() },
  ];
}

function submitOnEnter(event, form) {
  const inText = event.target.matches("textarea") && !event.ctrlKey && !event.metaKey;
  if (event.key !== "Enter" || inText || event.target.matches("button")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[value=reject]"));
}

function said(form) {
  const values = new FormData(form);
  const comment = values.get("comment").trim();
  return {
    verdict: "reject",
    reason: values.get("reason"),
    deliver: values.get("deliver"),
    ...(comment ? { comment } : {}),
  };
}
