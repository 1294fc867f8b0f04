/** The list of assets: found by how they stand, by recipe, or by how their keys begin. */

import { STANDINGS, statusWords } from "./asset_words.js";
import { button, el, field, prose, select } from "./dom.js";
import * as keys from "./keys.js";
import { assetHash, assetsHash, go } from "./router.js";
import { age, clock, confidenceLevel, confidenceWords } from "./words.js";

const MOST_EMPTY = 8; // pages that hold nothing are read on, up to this many
let touched = null;

/** Show the assets that the address asks for. */
export async function showAssets(page, { filters }, signal) {
  const { api, main } = page;
  document.title = "Assets · Cleanplate";
  const list = el("ol", { class: "rows" });
  const foot = el("div", { class: "more", "aria-live": "polite" });
  const title = el("h1", { tabindex: "-1" }, "Assets");
  const bar = el("form", { class: "choosers", role: "search", "aria-label": "Assets" });
  const order = filters.folder ? "In the order of their keys." : "The latest first.";
  const head = el("div", { class: "queue-head" }, el("div", {}, title, el("p", { class: "quiet" }, order)));
  main.replaceChildren(el("section", { class: "queue assets" }, head, bar, list, foot));
  const { recipes } = await api.recipes().catch(() => ({ recipes: [] }));
  if (signal.aborted) return;
  bar.replaceChildren(...choosers(filters, recipes));
  const control = touched && bar.querySelector(`[name="${touched}"]`);
  touched = null;
  (control ?? title).focus({ preventScroll: true });

  let cursor = null;
  async function more() {
    foot.replaceChildren(el("p", { class: "quiet" }, "Loading …"));
    for (let read = 0; read < MOST_EMPTY; read += 1) {
      const found = await api.assets(
        Object.fromEntries(Object.entries({ ...filters, cursor }).filter(([, value]) => value)),
      );
      if (signal.aborted) return;
      list.append(...found.assets.map(row));
      ({ cursor } = found);
      if (found.assets.length || !cursor) break;
    }
    foot.replaceChildren(ending(list, cursor, more));
  }

  keys.use("Assets", shortcuts(list), signal);
  await more();
}

function choosers(filters, recipes) {
  const change = ({ target: { name, value } }) => {
    touched = name;
    go(assetsHash({ ...filters, [name]: value.trim() }));
  };
  const names = [...new Set(recipes.map(({ name }) => name))].sort();
  const folder = el("input", {
    name: "folder",
    value: filters.folder ?? "",
    maxlength: "500",
    placeholder: "remove-object/trip/",
    spellcheck: "false",
    autocapitalize: "none",
    onchange: change,
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.target.blur(); // that changes it, once; left to be removed while changed, it would tell of it too late
    },
  });
  return [
    field("Key begins with", folder),
    field("Standing", select([["", "Any"], ...STANDINGS], filters.status ?? "", { name: "status", onchange: change })),
    field(
      "Recipe",
      select([["", "Any"], ...names.map((name) => [name, name])], filters.recipe ?? "", {
        name: "recipe",
        onchange: change,
      }),
    ),
    Object.keys(filters).length > 0 && button("Clear", { class: "plain-button", onclick: () => go(assetsHash()) }),
  ].filter(Boolean);
}

function row(asset) {
  const [words, level] = statusWords(asset.status);
  const slash = asset.source.key.lastIndexOf("/") + 1;
  const confidence = asset.outcome?.confidence ?? null;
  return el(
    "li",
    { class: "row asset-row" },
    el(
      "div",
      { class: "why" },
      el("h2", {}, el("a", { class: "open", href: assetHash(asset.asset_id) }, asset.source.key.slice(slash))),
      el("p", { class: "quiet" }, [asset.source.key.slice(0, slash), asset.recipe].filter(Boolean).join(" · ")),
      asset.outcome && asset.status !== "DELIVERED" && el("p", {}, ...prose(asset.outcome.reason)),
    ),
    el("p", {}, el("span", { class: `tag ${level}` }, words)),
    el(
      "p",
      { class: `confidence ${confidenceLevel(confidence)}` },
      el("span", { class: "unseen" }, "Confidence "),
      confidence === null ? "–" : confidenceWords(confidence),
    ),
    el(
      "p",
      { class: "age" },
      el("time", { datetime: asset.updated_at, title: clock(asset.updated_at) }, age(asset.updated_at)),
    ),
  );
}

function ending(list, cursor, more) {
  if (cursor) return button("Show more", { class: "outlined", onclick: more });
  return el("p", { class: "quiet" }, list.childElementCount ? "That is all." : "There is nothing that fits.");
}

function shortcuts(list) {
  const move = (step) => {
    const links = [...list.querySelectorAll("a.open")];
    const next = links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + step))];
    next?.focus();
    next?.closest("li").scrollIntoView({ block: "nearest" });
  };
  return [
    { keys: ["ArrowDown", "j"], words: "Next row", repeats: true, run: () => move(1) },
    { keys: ["ArrowUp", "k"], words: "Previous row", repeats: true, run: () => move(-1) },
    { keys: ["/"], words: "To the search", run: () => document.querySelector(".assets input")?.focus() },
  ];
}
