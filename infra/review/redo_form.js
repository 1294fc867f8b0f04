/** The settings of a redo. What is left as it was is not sent. */

import { el, field, select } from "./dom.js";
import { reasonWords } from "./words.js";

const CONTEXTS = [
  ["", "As before"],
  ["0.5", "Half as much"],
  ["1.5", "Half as much again"],
  ["2", "Twice as much"],
  ["4", "Four times as much"],
];

/** The form for an item. */
export function changesForm({ choices, prompt, rule }) {
  const models = select([["", "As before"], ...choices.models.map((name) => [name, name])], "", { name: "model" });
  const words = el("textarea", { name: "prompt", rows: "2", maxlength: "1000", placeholder: prompt ?? "" });
  const tick = (name, words) =>
    el("label", { class: "choice" }, el("input", { type: "checkbox", name }), el("span", {}, words));
  const rights = select(
    [
      ["", "Not stated"],
      ["owned", "The marks are ours"],
      ["licensed", "We are licensed to remove them"],
    ],
    "",
    { name: "rights" },
  );
  const reasons = select([["", "Not said"], ...choices.reasons.map((reason) => [reason, reasonWords(reason)])], "", {
    name: "reason",
  });
  return el(
    "form",
    { class: "changes", onsubmit: (event) => event.preventDefault() },
    choices.rights ? field("Rights", rights, "this recipe needs to know") : null,
    field("Model", models),
    choices.prompt ? field("Prompt", words, "what the picture is to show") : null,
    field("Surroundings that the model sees", select(CONTEXTS, "", { name: "context" })),
    tick("conservative", "Invent nothing, copy only"),
    field("What was wrong", reasons),
    field("Comment", el("textarea", { name: "comment", rows: "2", maxlength: "500" })),
    rule === "max-cost" && tick("allow_cost", "It may cost more than the recipe allows"),
  );
}

/** What of it goes into a request. */
export function readForm(form) {
  const filled = Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value),
  );
  if (filled.context) filled.context = Number(filled.context);
  for (const name of ["conservative", "allow_cost"]) if (filled[name]) filled[name] = true;
  return filled;
}
