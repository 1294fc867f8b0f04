/** The beginning: signs in, then shows what the address names. */

import { Api } from "./api.js";
import { showAsset } from "./asset.js";
import { showAssets } from "./assets.js";
import { el } from "./dom.js";
import { showHelp } from "./help.js";
import { showItem } from "./item.js";
import * as keys from "./keys.js";
import { Lineup } from "./lineup.js";
import { hush, warn } from "./messages.js";
import { showQueue } from "./queue.js";
import { assetsHash, place, queueHash } from "./router.js";
import * as session from "./session.js";
import { showSignIn } from "./sign_in.js";

const main = document.getElementById("main");
const top = document.getElementById("top");
const VIEWS = { queue: showQueue, item: showItem, assets: showAssets, asset: showAsset };
const FOR_ANYBODY = ["assets", "asset"];
let config;
let page = null;
let leaving = new AbortController();

async function start() {
  config = await session.configuration();
  await enter(await session.token(config));
}

async function enter(token) {
  if (!token) return signIn();
  const api = new Api(token, () =>
    signIn("Your session has ended. Sign in again to go on; nothing you decided is lost."),
  );
  page = { main, api, me: await api.me(), lineup: new Lineup(api) };
  page.decides = page.me.roles.some((role) => role === "reviewer" || role === "admin");
  show();
}

function signIn(notice = "") {
  leaving.abort();
  page = null;
  session.signOut(config);
  showTop();
  document.title = "Sign in · Cleanplate";
  showSignIn(main, config, async () => enter(await session.token(config)), notice);
}

/** Show what the address names. Whatever the last view was still doing is told to stop. */
async function show() {
  if (!page || (location.hash && !location.hash.startsWith("#/"))) return;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  keys.use("Everywhere", [{ keys: ["?"], words: "Show these keys", run: showHelp }], signal);
  const where = place();
  document.body.dataset.view = where.view;
  showTop(where.view);
  if (!page.decides && !FOR_ANYBODY.includes(where.view))
    return explain(
      "Reviews are for reviewers",
      "You are signed in without that role. Whoever runs this deployment can give it to you.",
      el("p", {}, el("a", { href: assetsHash() }, "To the assets")),
    );
  try {
    await VIEWS[where.view](page, where, signal);
  } catch (problem) {
    if (signal.aborted) return;
    explain("This cannot be shown", problem.message, el("p", {}, el("a", { href: "#/" }, "To the queue")));
  }
}

function explain(title, words, ...more) {
  main.replaceChildren(el("section", { class: "plain" }, el("h1", {}, title), el("p", {}, words), ...more));
}

function showTop(view = null) {
  const brand = el(
    "p",
    { class: "brand" },
    el("span", { class: "mark", "aria-hidden": "true" }),
    el("span", { class: page ? "wide" : "" }, "Cleanplate"),
  );
  if (!page) return top.replaceChildren(brand);
  const out = () => {
    session.signOut(config, { everywhere: true });
    signIn();
  };
  const { lineup } = page;
  const queue = el(
    "a",
    { class: "plain-button", href: queueHash(lineup.filters), "aria-current": view === "queue" ? "page" : null },
    "Queue",
    view === "item" && el("kbd", { "aria-hidden": "true" }, "Q"),
  );
  const assets = el(
    "a",
    { class: "plain-button", href: assetsHash(), "aria-current": FOR_ANYBODY.includes(view) ? "page" : null },
    "Assets",
  );
  top.replaceChildren(
    el(
      "nav",
      { class: "ways", "aria-label": "Pages" },
      brand,
      page.decides && queue,
      assets,
      lineup.done ? el("span", { class: "quiet" }, `${lineup.done} decided`) : null,
    ),
    el(
      "nav",
      { "aria-label": "Account" },
      el("span", { class: "who" }, page.me.name, el("small", {}, page.me.roles.join(", "))),
      el(
        "button",
        { type: "button", class: "plain-button", "aria-keyshortcuts": "?", onclick: showHelp },
        "Keys",
        el("kbd", { "aria-hidden": "true" }, "?"),
      ),
      el("button", { type: "button", class: "plain-button", onclick: out }, "Sign out"),
    ),
  );
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  hush();
  show();
});
addEventListener("unhandledrejection", ({ reason }) => warn(reason?.message ?? "Something went wrong."));
start().catch((problem) =>
  config ? signIn(problem.message) : main.replaceChildren(el("p", { class: "plain", role: "alert" }, problem.message)),
);
