/** What is known about a result: flags, what was measured, how it was made, earlier attempts, files. */

import { el, prose } from "./dom.js";
import { assetHash, go, itemHash } from "./router.js";
import { trail } from "./trail.js";
import { clock, findingWords } from "./words.js";

/** The sections beside the picture. `jump(index)` shows a flag; `file(name)` opens a full file. */
export function facts(item, page, { jump, file }) {
  return [
    flags(item, jump),
    signals(item),
    made(item),
    attempts(item),
    files(item, file),
    trail(item, page),
    el("p", {}, el("a", { href: assetHash(item.asset_id) }, "The whole life of this picture")),
    names(item),
  ].filter(Boolean);
}

function section(title, ...children) {
  return el("section", {}, el("h2", {}, title), ...children);
}

function flags({ findings }, jump) {
  if (!findings.length) return null;
  const rows = findings.map((finding, index) => {
    const words = [
      el("span", { class: "number" }, String(index + 1)),
      el("span", {}, el("strong", {}, findingWords(finding)), el("span", { class: "detail-words" }, ...prose(finding.detail))),
    ];
    return el(
      "li",
      {},
      finding.box
        ? el("button", { type: "button", class: "flag", "data-index": index, onclick: () => jump(index) }, ...words)
        : el("div", { class: "flag" }, ...words),
    );
  });
  return section("Flags", el("ol", { class: "flags" }, ...rows));
}

function signals({ signals: found }) {
  if (!found.length) return null;
  const rows = found.map(({ name, value, words, level }) =>
    el("div", { class: level }, el("dt", {}, name), el("dd", {}, el("strong", {}, value), ` ${words}`)),
  );
  return section("What was measured", el("dl", { class: "readings" }, ...rows));
}

function made({ stages, prompt, negative_prompt: negative }) {
  if (!stages.length && !prompt) return null;
  const words = [prompt && line("Prompt", prompt), negative && line("Not", negative)].filter(Boolean);
  const rows = stages.map(({ stage, model, version, licence, seconds, started_at: at, note }) =>
    el(
      "li",
      {},
      el(
        "p",
        {},
        el("strong", {}, stage.replaceAll("_", " ")),
        model && el("span", {}, ` ${model}${version ? ` v${version}` : ""}`),
        el(
          "span",
          { class: "time", title: clock(at) },
          seconds === null ? "" : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`,
        ),
      ),
      (note || licence) && el("p", { class: "quiet" }, ...prose([note, licence].filter(Boolean).join(" · "))),
    ),
  );
  return section(
    "How it was made",
    words.length ? el("dl", { class: "pairs" }, ...words.flat()) : null,
    el("ol", { class: "stages" }, ...rows),
  );
}

function attempts({ earlier, asset_id, parent }) {
  if (!earlier.length) return null;
  const rows = earlier.map(({ run_id, opened_at: at, state, verdict }) => {
    const outcome = verdict
      ? ({ approve: "approved", reject: "rejected", redo: "sent back" }[verdict.verdict ?? verdict] ?? state)
      : state.replace("_", " ");
    const address = itemHash({ asset_id, run_id });
    const open = (event) => {
      event.preventDefault();
      go(address);
    };
    return el(
      "li",
      {},
      el("a", { href: address, onclick: open }, clock(at)),
      ` ${outcome}`,
      parent?.run_id === run_id && " · this one is a redo of it",
    );
  });
  return section("Earlier attempts", el("ul", { class: "plain-list" }, ...rows));
}

function files({ files: links, width, height, proofs }, file) {
  const made = proofs ? `${proofs.after_width} × ${proofs.after_height}, ` : "";
  const given = width ? `${width} × ${height}, ` : "";
  const words = { before: "Original", after: "Result", mask: "Mask" };
  const rows = Object.keys(words).filter((name) => links?.[name]);
  const link = (name) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: links[name], target: "_blank", rel: "noopener noreferrer", onclick: (event) => file(event, name) },
        words[name],
      ),
      el("span", { class: "quiet" }, ` ${name === "after" ? made : given}full file`),
    );
  return rows.length ? section("Files", el("ul", { class: "plain-list" }, ...rows.map(link))) : null;
}

function names({ asset_id: asset, run_id: run, recipe }) {
  return el(
    "details",
    {},
    el("summary", {}, "Identifiers"),
    el(
      "dl",
      { class: "pairs" },
      ...line("asset", el("code", {}, asset)),
      ...line("run", el("code", {}, run)),
      ...line("recipe", el("code", {}, recipe)),
    ),
  );
}

function line(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}
