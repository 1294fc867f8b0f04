/** The queue's filters. They live in the address, so that a list can be bookmarked and sent to a colleague. */

import { button, el, field, select } from "./dom.js";
import { go, queueHash } from "./router.js";
import { recipeWords, ruleName } from "./words.js";

const CONFIDENCES = [
  ["", "Any confidence"],
  ["0-0.3", "Below 30 %"],
  ["0.3-0.6", "30 to 60 %"],
  ["0.6-0.8", "60 to 80 %"],
  ["0.8-1", "80 % and above"],
];
const AGES = [
  ["", "Any age"],
  ["1", "Over an hour"],
  ["24", "Over a day"],
  ["72", "Over three days"],
  ["168", "Over a week"],
];

let touched = null;

/** The control that the reader has just changed, in its new edition: there the keyboard goes on. */
export function takeUp(bar) {
  const control = touched && bar.querySelector(`[name="${touched}"]`);
  touched = null;
  control?.focus({ preventScroll: true });
  return Boolean(control);
}

/** Reasons with their counts as a row of buttons, and the other filters beside them. */
export function filterBar(filters, { by_rule: byRule, by_recipe: byRecipe, open, at_least: atLeast }) {
  const apply = (change) => {
    touched = document.activeElement?.name || null;
    go(queueHash({ ...filters, ...change }));
  };
  const chip = (rule, words, number) =>
    el(
      "button",
      {
        type: "button",
        class: "chip",
        name: `rule-${rule}`,
        "aria-pressed": String((filters.rule ?? "") === rule),
        onclick: () => apply({ rule }),
      },
      words,
      el("span", { class: "number" }, number),
    );
  const rules = Object.entries(byRule).sort(([, one], [, other]) => other - one);
  const reasons = el(
    "div",
    { class: "chips", role: "group", "aria-label": "Reason" },
    chip("", "All reasons", `${open}${atLeast ? "+" : ""}`),
    ...rules.map(([rule, number]) => chip(rule, ruleName(rule), number)),
  );
  const roomy = matchMedia("(min-width: 46rem)").matches || Object.keys(filters).some((name) => name !== "rule");
  const choosers = el(
    "div",
    { class: "choosers" },
    recipe(filters, byRecipe, apply),
    confidence(filters, apply),
    olderThan(filters, apply),
    mine(filters, apply),
    clear(filters),
  );
  return [reasons, el("details", { class: "more-filters", open: roomy }, el("summary", {}, "More filters"), choosers)];
}

function recipe(filters, byRecipe, apply) {
  const options = Object.entries(byRecipe).map(([name, number]) => [name, `${recipeWords(name)} (${number})`]);
  const change = (event) => apply({ recipe: event.target.value });
  return field(
    "Recipe",
    select([["", "Any recipe"], ...options], filters.recipe ?? "", { name: "recipe", onchange: change }),
  );
}

function confidence(filters, apply) {
  const chosen = filters.max_confidence ? `${filters.min_confidence ?? 0}-${filters.max_confidence}` : "";
  const change = (event) => {
    const [least, most] = event.target.value.split("-");
    apply({ min_confidence: least, max_confidence: most });
  };
  return field("Confidence", select(CONFIDENCES, chosen, { name: "confidence", onchange: change }));
}

function olderThan(filters, apply) {
  const change = (event) => apply({ older_than_hours: event.target.value });
  return field("Waiting", select(AGES, filters.older_than_hours ?? "", { name: "age", onchange: change }));
}

function mine(filters, apply) {
  const change = (event) => apply({ mine: event.target.checked ? "true" : "" });
  return el(
    "label",
    { class: "choice" },
    el("input", { type: "checkbox", name: "mine", checked: filters.mine === "true", onchange: change }),
    el("span", {}, "Claimed by me"),
  );
}

function clear(filters) {
  return Object.keys(filters).length
    ? button("Clear filters", { class: "plain-button", onclick: () => go(queueHash()) })
    : null;
}
