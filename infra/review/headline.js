/** The first thing a reviewer reads: why this picture is here, and what was done to it. */

import { el, prose } from "./dom.js";
import {
  age,
  claimedByOther,
  clock,
  confidenceLevel,
  confidenceWords,
  count,
  recipeWords,
  reasonWords,
  ruleHeadline,
  time,
} from "./words.js";

/** The headline of an item. */
export function headline(item) {
  return [
    el("h1", { tabindex: "-1" }, ruleHeadline(item.rule)),
    el("p", { class: "reason" }, ...prose(item.reason)),
    about(item),
    ...notices(item),
  ];
}

function about(item) {
  const { confidence, proofs } = item;
  const areas = proofs && proofs.areas.length + proofs.areas_left_out;
  const facts = [
    item.name,
    recipeWords(item.recipe),
    areas ? `${count(areas, "place")} edited` : null,
    item.attempt > 1 && `attempt ${item.attempt}`,
    `waiting ${age(item.opened_at)}`,
  ];
  return el(
    "p",
    { class: "about" },
    el("span", { class: `tag ${confidenceLevel(confidence)}` }, `Confidence ${confidenceWords(confidence)}`),
    el("span", {}, facts.filter(Boolean).join(" · ")),
  );
}

function notices(item) {
  return [decided(item), claimed(item), twoPeople(item), mayNot(item), expiring(item)]
    .filter(Boolean)
    .map((words) => el("p", { class: "notice" }, words));
}

function decided({ verdict, state }) {
  if (state === "expired") return "This review has run out of time: nobody decided it.";
  if (!verdict || state === "needs_second") return null;
  const why = [verdict.reason && reasonWords(verdict.reason).toLowerCase(), verdict.comment].filter(Boolean).join(", ");
  const did = { approve: "approved", reject: "rejected", redo: "sent back" }[verdict.verdict] ?? verdict.verdict;
  return `Decided: ${verdict.who} ${did} it at ${clock(verdict.given_at)}${why ? ` (${why})` : ""}.`;
}

function claimed(item) {
  const { claimed_by: who, claimed_until: until, state } = item;
  if (!claimedByOther(item) || state === "decided") return null;
  return `${who} is looking at this until ${clock(until)}. You can look too; the decision is theirs until then.`;
}

function twoPeople({ second_person: { required, first }, state }) {
  if (!required || state === "decided") return null;
  if (first) return `${first} approved this. A second person has to agree before it is delivered.`;
  return "Two people decide this: after you, a second person looks.";
}

function mayNot({ may, state }) {
  return state === "decided" || may.approve || !may.approve_why_not
    ? null
    : `You cannot approve it: ${may.approve_why_not}`;
}

function expiring({ expires_at: at, state }) {
  if (!at || state === "decided" || time(at) - Date.now() > 86400000) return null;
  return `Nobody decides this for you: it expires at ${clock(at)}.`;
}
