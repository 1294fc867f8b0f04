/** Who did what to this item, and when. Loaded when somebody opens it. */

import { el } from "./dom.js";
import { clock } from "./words.js";

export function trail(item, { api }) {
  const list = el("ol", { class: "trail" });
  const details = el("details", { class: "trail-box" }, el("summary", {}, "Trail"), list);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    list.replaceChildren(el("li", { class: "quiet" }, "Loading …"));
    try {
      const { entries } = await api.trail(item);
      list.replaceChildren(
        ...(entries.length ? entries.map(entry) : [el("li", { class: "quiet" }, "Nothing has been done yet.")]),
      );
    } catch (problem) {
      list.replaceChildren(el("li", { class: "quiet" }, problem.message));
    }
  });
  return details;
}

function entry({ at, by, who, what, why, seen }) {
  const versions = Object.entries(seen ?? {}).map(([name, pointer]) => `${name} ${version(pointer)}`);
  const name = by?.name ?? who;
  return el(
    "li",
    {},
    el("p", {}, el("time", { datetime: at }, clock(at)), " ", el("strong", {}, name), ` ${what.replaceAll("-", " ")}`),
    why && el("p", {}, why),
    versions.length ? el("p", { class: "quiet" }, "saw ", el("code", {}, versions.join(", "))) : null,
  );
}

/** The beginning of a file's hash, or of its version where it has none: enough to tell two apart. */
function version(pointer) {
  return (pointer?.sha256 ?? pointer?.version_id ?? String(pointer)).slice(0, 12);
}
