/** The page of an asset: how it stands, what it was and became, its files, and its whole life below. */

import { assetHead, identifiers, twoPictures } from "./asset_head.js";
import { delivered } from "./delivered.js";
import { el } from "./dom.js";
import * as keys from "./keys.js";
import { warn } from "./messages.js";
import { assetsHash, go } from "./router.js";
import { timeline } from "./timeline.js";

const FRESH_MS = 4 * 60000; // links end after five minutes
const POLL_MS = 2500;
const PATIENCE = 12; // times that small pictures are waited for

/** Show an asset. */
export async function showAsset(page, { asset_id: id }, signal) {
  const view = new AssetView(page, id, signal);
  await view.begin();
}

class AssetView {
  #waited = 0;
  #asked = 0;
  #reloaded = 0;

  constructor(page, id, signal) {
    Object.assign(this, { page, id, signal, stamp: "" });
    this.root = el("article", { class: "asset" });
  }

  async begin() {
    await this.#read();
    if (this.signal.aborted) return;
    document.title = `${this.life.name} · Cleanplate`;
    this.page.main.replaceChildren(this.root);
    this.#lay();
    this.root.addEventListener("error", (event) => event.target.tagName === "IMG" && this.#failed(), true);
    this.root.querySelector("h1").focus({ preventScroll: true });
    keys.use("Asset", this.#shortcuts(), this.signal);
    this.#follow();
  }

  /** Open a file with a link that is still good. `find` looks it up in what was read last. */
  open = async (event, find) => {
    if (Date.now() - this.read < FRESH_MS) return;
    event.preventDefault();
    await this.#read();
    open(find(this.life), "_blank", "noopener,noreferrer");
  };

  async #read() {
    this.life = await this.page.api.life(this.id);
    this.read = Date.now();
  }

  /** While the asset is worked on, or its pictures are being made, ask again and show what is new. */
  async #follow() {
    const moves = ["QUEUED", "RUNNING"].includes(this.life.asset.status);
    if (this.life.missing && this.life.missing !== this.#asked) {
      this.#asked = this.life.missing;
      await this.page.api.miniatures(this.id).catch((problem) => warn(problem.message));
    }
    if (!moves && (!this.life.missing || (this.#waited += 1) > PATIENCE)) return;
    await new Promise((done) => setTimeout(done, POLL_MS));
    if (this.signal.aborted) return;
    if (!document.hidden) {
      await this.#read().catch((problem) => warn(problem.message));
      if (this.signal.aborted) return;
      this.#lay();
    }
    this.#follow();
  }

  /** A picture did not load: most probably its link has ended. */
  async #failed() {
    if (Date.now() - this.#reloaded < 15000) return;
    this.#reloaded = Date.now();
    await this.#read().catch((problem) => warn(problem.message));
    this.stamp = "";
    if (!this.signal.aborted) this.#lay();
  }

  /** Lay the page out, unless it says the same as before; what was unfolded, and who has the focus, stays so. */
  #lay() {
    const stamp = JSON.stringify(this.life).replaceAll(/\?[^"]*/g, "");
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    const opened = [...this.root.querySelectorAll("details[open]")].map(({ dataset }) => dataset.keep);
    const held = this.root.contains(document.activeElement) ? path(this.root, document.activeElement) : null;
    const { decides, api } = this.page;
    const verify = () => api.credentials(this.id);
    this.root.replaceChildren(
      ...[
        assetHead(this.life, decides),
        twoPictures(this.life, this.open),
        delivered(this.life, { open: this.open, verify }),
        el("h2", { class: "life-title" }, "Its life"),
        timeline(this.life, { decides, open: this.open }),
        identifiers(this.life),
      ].filter(Boolean),
    );
    for (const details of this.root.querySelectorAll("details")) details.open = opened.includes(details.dataset.keep);
    if (held) at(this.root, held)?.focus({ preventScroll: true });
  }

  #shortcuts() {
    const press = (selector) => () => this.root.querySelector(selector)?.click();
    return [
      { keys: ["v"], words: "Verify what is delivered", run: press(".verify:enabled") },
      { keys: ["r"], words: "Review it, where it waits for a person", run: press(".asset-head .primary") },
      { keys: ["l"], words: "To the list of assets", run: () => go(assetsHash()) },
    ];
  }
}

/** Where an element stands below another, as indices, and the element that stands there now. */
function path(root, element) {
  const steps = [];
  for (let node = element; node !== root; node = node.parentElement)
    steps.unshift([...node.parentElement.children].indexOf(node));
  return steps;
}

const at = (root, steps) => steps.reduce((node, step) => node?.children[step], root);
