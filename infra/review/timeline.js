/** The life of an asset in the order in which it happened: upload, runs with their stages, what people did. */

import { bytes, copyWords, costWords, deedWords, megapixels, span, statusWords } from "./asset_words.js";
import { el, prose } from "./dom.js";
import { itemHash } from "./router.js";
import { stageCard } from "./stage_card.js";
import { clock, confidenceWords, count, time } from "./words.js";

/** The whole of it as a list. `decides` says whether reviews may be linked. */
export function timeline(life, { decides, open }) {
  const events = [
    [life.asset.created_at, uploaded(life)],
    ...life.runs.map((run) => [run.started_at, runOf(run, life, { decides, open })]),
    ...life.trail.filter(({ what }) => what !== "opened").map((deed) => [deed.at, deedOf(deed)]),
  ];
  events.push(...(life.copies ?? []).map((copy) => [copy.at, copyOf(copy)]));
  const ordered = events.map(([at, node], index) => ({ at: time(at), node, index }));
  ordered.sort((one, other) => one.at - other.at || one.index - other.index);
  return el("ol", { class: "timeline" }, ...ordered.map(({ node }) => node));
}

function event(kind, at, ...children) {
  return el(
    "li",
    { class: `event ${kind}` },
    el("time", { class: "when", datetime: at, title: new Date(time(at)).toISOString() }, clock(at)),
    el("div", { class: "what" }, ...children),
  );
}

function uploaded({ asset }) {
  const { inspection, source } = asset;
  const facts = [
    inspection && `${inspection.width} × ${inspection.height}, ${megapixels(inspection)}`,
    inspection?.media_type,
    bytes(asset.size_bytes),
    inspection && inspection.bit_depth !== 8 && `${inspection.bit_depth} bits a channel`,
  ];
  return event(
    "uploaded",
    asset.created_at,
    el("h3", {}, "Uploaded"),
    el("p", {}, el("code", {}, source.key)),
    el("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")),
  );
}

function runOf(run, life, { decides, open }) {
  const title = `${run.attempt > 1 ? `Attempt ${run.attempt}` : "Run"}: ${run.recipe}`;
  const kept = run.entry !== "inspect" && run.parent && `Begins at ${run.entry} with what the run before it made.`;
  return event(
    "run",
    run.started_at,
    el("h3", {}, title),
    kept && el("p", { class: "quiet" }, kept),
    el("ol", { class: "stage-list" }, ...run.stages.map((stage) => stageCard(stage, life, open))),
    outcome(run, life, decides),
  );
}

function outcome(run, { asset }, decides) {
  if (!run.status) return el("p", { class: "outcome" }, el("span", { class: "tag unknown" }, "Under way"));
  const [words, level] = statusWords(run.status);
  const seconds = run.ended_at && (time(run.ended_at) - time(run.started_at)) / 1000;
  const facts = [
    run.confidence !== undefined && `confidence ${confidenceWords(run.confidence)}`,
    run.rule && `rule ${run.rule}`,
    run.renditions.length && `${count(run.renditions.length, "file")} delivered`,
    seconds && `after ${span(seconds)}`,
    run.cost && costWords(run.cost),
  ];
  const place = { asset_id: asset.asset_id, run_id: run.run_id };
  return el(
    "div",
    { class: "outcome" },
    el("p", {}, el("span", { class: `tag ${level}` }, words), " ", ...prose(run.reason)),
    el("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")),
    run.review && decides && el("p", {}, el("a", { href: itemHash(place) }, reviewWords(run.review))),
  );
}

function reviewWords(state) {
  return state === "open" || state === "needs_second" ? "Look at its review" : "Its review, which is over";
}

function deedOf({ at, by, what, why }) {
  return event(
    "deed",
    at,
    el("p", {}, el("strong", {}, by?.name ?? "Somebody"), ` ${deedWords(what)}`),
    why && el("p", { class: "quiet" }, ...prose(why)),
  );
}

function copyOf({ at, state, bucket, reason }) {
  return event(
    "deed",
    at,
    el("p", {}, el("strong", {}, copyWords(state)), " ", el("code", {}, bucket)),
    reason && el("p", { class: "quiet" }, ...prose(reason)),
  );
}
