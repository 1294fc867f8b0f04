/** The top of an asset's page: how it stands, what it was and became; and what machines call it. */

import { statusWords } from "./asset_words.js";
import { el, prose } from "./dom.js";
import { assetsHash, itemHash } from "./router.js";
import { shown } from "./stage_card.js";
import { clock, confidenceLevel, confidenceWords } from "./words.js";

const LAST_FIRST = ["upscale", "refine", "generate", "preview"];
const BEFORE_AFTER = { before: "As it was uploaded", after: "What became of it" };

/** How an asset stands, and why; `decides` says whether its review may be linked. */
export function assetHead({ asset, name, runs }, decides) {
  const [words, level] = statusWords(asset.status);
  const confidence = asset.outcome?.confidence ?? null;
  const folder = asset.source.key.slice(0, asset.source.key.lastIndexOf("/") + 1);
  const waits = waiting(asset, runs);
  return el(
    "header",
    { class: "asset-head" },
    el(
      "p",
      { class: "quiet" },
      el("a", { href: assetsHash() }, "Assets"),
      folder && " / ",
      folder && el("a", { href: assetsHash({ folder }) }, folder),
    ),
    el("h1", { tabindex: "-1" }, name),
    el("p", { class: "reason" }, ...prose(asset.outcome?.reason ?? "Nothing is decided yet.")),
    el(
      "p",
      { class: "about" },
      el("span", { class: `tag ${level}` }, words),
      confidence !== null &&
        el("span", { class: confidenceLevel(confidence) }, `confidence ${confidenceWords(confidence)}`),
      asset.recipe && el("span", {}, asset.recipe),
      el("time", { datetime: asset.updated_at }, clock(asset.updated_at)),
    ),
    waits && decides && el("p", {}, el("a", { class: "primary", href: itemHash(waits) }, "Review it")),
  );
}

function waiting({ asset_id }, runs) {
  const run = runs.findLast(({ review }) => review === "open" || review === "needs_second");
  return run && { asset_id, run_id: run.run_id };
}

/** The upload and the last picture that was made of it; `open(event, find)` opens a file. */
export function twoPictures({ original, runs, name }, open) {
  const result = latest(runs);
  const figure = (which, seen, find) =>
    el(
      "figure",
      {},
      el(
        "a",
        {
          class: "shot",
          href: seen.file,
          target: "_blank",
          rel: "noopener noreferrer",
          onclick: (event) => open(event, find),
        },
        shown(seen.small, `${name}: ${BEFORE_AFTER[which].toLowerCase()}`),
      ),
      el("figcaption", {}, BEFORE_AFTER[which]),
    );
  return el(
    "div",
    { class: "pair" },
    original && figure("before", original, (life) => life.original?.file),
    result && figure("after", result, (life) => latest(life.runs)?.file),
  );
}

/** What the asset is called by machines. */
export function identifiers({ asset }) {
  const { source, inspection } = asset;
  const lines = [
    ["asset", asset.asset_id],
    ["run", asset.run_id],
    ["key", source.key],
    ["version", source.version_id],
    ["upload", inspection && `sha256 ${inspection.sha256}`],
    ["batch", asset.batch],
    ...Object.entries(asset.tags ?? {}).map(([tag, text]) => [`tag ${tag}`, text]),
  ].filter(([, value]) => value);
  return el(
    "details",
    { "data-keep": "names" },
    el("summary", {}, "Identifiers"),
    el(
      "dl",
      { class: "pairs exact" },
      ...lines.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, el("code", {}, value))]),
    ),
  );
}

/** The last picture that was made, of the latest run that made one. */
function latest(runs) {
  const stages = runs.flatMap((run) => run.stages).filter(({ pictures = {} }) => pictures.image);
  const run = stages.at(-1)?.run_id;
  const own = stages.filter(({ run_id: id }) => id === run);
  return LAST_FIRST.map((name) => own.findLast(({ stage }) => stage === name)).find(Boolean)?.pictures.image;
}
