/** One row of the queue. */

import { el, prose } from "./dom.js";
import { itemHash } from "./router.js";
import { age, clock, confidenceLevel, confidenceWords, count, recipeWords, ruleHeadline, time } from "./words.js";

/** A row as a list item. */
export function row(item, { bulk, api }) {
  const box = el("input", {
    type: "checkbox",
    class: "pick",
    "aria-label": `Select ${item.name}`,
    onchange: () => bulk.changed(),
  });
  const claimed = item.claimed_by && time(item.claimed_until) > Date.now();
  const line = el(
    "li",
    { class: "row" },
    el("label", { class: "picker" }, box),
    thumbnail(item, api),
    el(
      "div",
      { class: "why" },
      el("h2", {}, el("a", { class: "open", href: itemHash(item) }, ruleHeadline(item.rule))),
      el("p", {}, ...prose(item.reason)),
      meta(item, claimed),
    ),
    confidence(item),
    el(
      "p",
      { class: "age" },
      el("time", { datetime: item.opened_at, title: clock(item.opened_at) }, age(item.opened_at)),
    ),
  );
  bulk.know(line, item);
  return line;
}

/** A link may be older than five minutes, or lead to what is still being made: then the row asks once for a new one. */
function thumbnail(item, api) {
  const frame = el("div", { class: "thumb" });
  const missing = (words) => frame.replaceChildren(el("span", { class: "quiet" }, words));
  const show = (src, onerror) =>
    frame.replaceChildren(el("img", { src, alt: "", loading: "lazy", decoding: "async", title: item.name, onerror }));
  const renew = async () => {
    const { proofs } = await api.item(item).catch(() => ({}));
    if (proofs) show(proofs.thumbnail, () => missing("no picture"));
    else missing("being made");
  };
  if (item.thumbnail) show(item.thumbnail, renew);
  else missing("being made");
  return frame;
}

function meta(item, claimed) {
  const parts = [
    item.name,
    recipeWords(item.recipe),
    item.findings && count(item.findings, "flag"),
    item.attempt > 1 && `attempt ${item.attempt}`,
  ];
  const tags = [
    item.state === "needs_second" && el("span", { class: "tag fair" }, "Needs a second person"),
    claimed &&
      el(
        "span",
        { class: "tag" },
        item.mine
          ? `Claimed by you until ${clock(item.claimed_until)}`
          : `Claimed by ${item.claimed_by} until ${clock(item.claimed_until)}`,
      ),
    item.expires_at &&
      time(item.expires_at) - Date.now() < 86400000 &&
      el("span", { class: "tag fair" }, `Expires ${clock(item.expires_at)}`),
  ];
  return el("p", { class: "quiet meta" }, el("span", {}, parts.filter(Boolean).join(" · ")), ...tags);
}

function confidence({ confidence: value }) {
  const level = confidenceLevel(value);
  const bar =
    value === null
      ? null
      : el("meter", { min: "0", max: "1", value: String(value), class: level, "aria-hidden": "true" });
  return el(
    "p",
    { class: `confidence ${level}` },
    el("span", { class: "unseen" }, "Confidence "),
    confidenceWords(value),
    bar,
  );
}
