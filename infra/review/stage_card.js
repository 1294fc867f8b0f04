/** One stage on the page of an asset: what was seen, what did it, what it found and decided. */

import { costWords, span, spaced, stageWords } from "./asset_words.js";
import { el, prose, svg } from "./dom.js";
import { clock, confidenceLevel, confidenceWords, count, findingWords } from "./words.js";

/** A stage as a list item. `life` is the asset's; `open(event, find)` opens a file with a link as it is now. */
export function stageCard(stage, life, open) {
  const { stage: name, started_at: at, wall_seconds: wall, note } = stage;
  return el(
    "li",
    { class: "stage" },
    picture(stage, life, open),
    el(
      "div",
      { class: "stage-facts" },
      el(
        "p",
        { class: "stage-head" },
        el("strong", {}, stageWords(name)),
        el("time", { datetime: at, title: clock(at) }, stage.reused ? "known before" : span(wall)),
      ),
      model(stage),
      note && el("p", {}, ...prose(note)),
      decided(stage),
      el("p", { class: "quiet" }, measures(stage, life).join(" · ")),
      signals(stage),
      findings(stage),
      details(stage),
    ),
  );
}

function model({ model: used, scored_by: scorer }) {
  if (!used) return null;
  const words = [
    `${used.name} v${used.version}`,
    `licence ${used.licence}${used.commercial_use ? "" : ", not for commercial use"}`,
    `on ${used.device.split(" ")[0]}`,
    scorer && `scored by ${scorer.name} v${scorer.version}`,
  ];
  return el("p", {}, words.filter(Boolean).join(" · "));
}

function decided({ decision, rule, ruling }) {
  if (!decision && !rule && !ruling) return null;
  const words = [
    decision && `Decision: ${spaced(decision).toLowerCase()}`,
    rule && `rule ${rule}`,
    ruling && `as ${ruling.name} said`,
  ];
  return el("p", {}, words.filter(Boolean).join(", "));
}

function measures(stage, { asset }) {
  const {
    model_seconds: seconds,
    cost,
    edited_share: share,
    mask,
    areas = [],
    areas_left_out: left,
    detections = [],
  } = stage;
  const covers = mask?.share;
  return [
    cost ? costWords(cost) : seconds !== undefined && `${span(seconds)} in the model`,
    areas.length && `${count(areas.length + (left ?? 0), "place")} filled`,
    covers !== undefined && covers !== null && `mask covers ${percent(covers)}`,
    share !== undefined && share !== null && `${percent(share)} of the picture replaced`,
    detections.length && `found: ${[...new Set(detections.map(({ label }) => label))].join(", ")}`,
    stage.width && stage.width !== asset.inspection?.width && `${stage.width} × ${stage.height}`,
  ].filter(Boolean);
}

const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function signals({ readings = [], confidence }) {
  if (!readings.length) return null; // a decision says in its own words how sure it is
  const known = confidence !== undefined && confidence !== null;
  const rows = readings.map(({ name, value, words, level }) =>
    el("div", { class: level }, el("dt", {}, name), el("dd", {}, el("strong", {}, value), ` ${words}`)),
  );
  const sure = known
    ? el(
        "div",
        { class: confidenceLevel(confidence) },
        el("dt", {}, "Confidence"),
        el("dd", {}, el("strong", {}, confidenceWords(confidence))),
      )
    : null;
  return el("dl", { class: "readings" }, ...[sure, ...rows].filter(Boolean));
}

function findings({ findings: found = [] }) {
  if (!found.length) return null;
  return el(
    "ul",
    { class: "plain-list" },
    ...found.map((finding) => el("li", {}, el("strong", {}, findingWords(finding)), " ", ...prose(finding.detail))),
  );
}

/** What only somebody who wants to do it again, or to prove it, looks at. */
function details(stage) {
  const { parameters = {}, model: used, inputs = {}, outputs = {}, libraries = {}, delivered = [] } = stage;
  const lines = [
    ...Object.entries(parameters).map(([name, value]) => [name, text(value)]),
    ...(used?.weights ?? []).map(({ file, sha256 }) => [`weights ${file}`, `sha256 ${sha256}`]),
    ...Object.entries({ ...used?.libraries, ...libraries }),
    ...[used?.device ?? stage.device].filter(Boolean).map((device) => ["device", device]),
    ...Object.entries(inputs).map(([name, file]) => [`in: ${name}`, place(file)]),
    ...Object.entries(outputs).map(([name, file]) => [`out: ${name}`, place(file)]),
    ...delivered.map((key) => ["delivered", key]),
  ];
  if (!lines.length) return null;
  return el(
    "details",
    { "data-keep": `${stage.run_id}-${stage.started_at}-${stage.stage}` },
    el("summary", {}, "Parameters, weights and files"),
    el(
      "dl",
      { class: "pairs exact" },
      ...lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("code", {}, value))]),
    ),
  );
}

const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const place = ({ bucket, key, version_id: version, sha256 }) =>
  [`s3://${bucket}/${key}`, version && `version ${version}`, sha256 && `sha256 ${sha256}`].filter(Boolean).join(", ");

function picture(stage, { original, asset }, open) {
  const { pictures = {}, areas = [], detections = [] } = stage;
  const { image, mask } = pictures;
  const boxes = image || mask || !original ? [] : [...areas, ...detections].map(({ box }) => box);
  if (!image && !mask && !boxes.length) return el("div", { class: "shot none", "aria-hidden": "true" });
  const which = image ? "image" : mask ? "mask" : null;
  const words = image
    ? `What ${stageWords(stage.stage).toLowerCase()} made`
    : mask
      ? "The mask over the upload"
      : "Where it worked";
  const base = image ?? original;
  const find = (life) => (which ? seenIn(life, stage)?.[which]?.file : life.original?.file);
  return el(
    "a",
    {
      class: `shot ${which ?? "boxed"}`,
      href: which ? pictures[which].file : original?.file,
      target: "_blank",
      rel: "noopener noreferrer",
      onclick: (event) => open(event, find),
    },
    shown(base?.small, words),
    mask?.small && shown(mask.small, "", "over"),
    boxes.length > 0 && asset.inspection && outlines(boxes, asset.inspection),
  );
}

/** A picture that is being made has a word in its place, so that nothing moves when it comes. */
export function shown(src, alt, className = "") {
  if (!src) return el("span", { class: "quiet" }, "being made");
  return el("img", { src, alt, class: className, loading: "lazy", decoding: "async" });
}

/** The same stage in a life that was read later. */
function seenIn({ runs }, { run_id: run, stage: name, started_at: at }) {
  const stages = runs.find(({ run_id: id }) => id === run)?.stages ?? [];
  return stages.find(({ stage, started_at: other }) => stage === name && other === at)?.pictures;
}

function outlines(boxes, { width, height }) {
  const unit = Math.max(width, height) / 160;
  const rectangles = boxes.map(({ x, y, width: across, height: down }) =>
    svg("rect", { x, y, width: across, height: down, "stroke-width": unit }),
  );
  return svg(
    "svg",
    { class: "over outlines", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    ...rectangles,
  );
}
