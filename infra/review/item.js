/** One review: looked at, decided, and on to the next. */

import { Claim } from "./claim.js";
import { conflictWords } from "./conflicts.js";
import { decide } from "./decide.js";
import { button, el } from "./dom.js";
import { facts } from "./facts.js";
import { headline } from "./headline.js";
import * as keys from "./keys.js";
import { LightTable } from "./light_table.js";
import { key } from "./lineup.js";
import { warn } from "./messages.js";
import { go, queueHash } from "./router.js";
import { actionBar } from "./verdict.js";
import { claimedByOther, ruleHeadline } from "./words.js";

const POLL_MS = 2000;
const FRESH_MS = 4 * 60000; // links to pictures end after five minutes
const PATIENCE_MS = 15000; // a picture that fails twice within this time is not a matter of its link

/** Show a review. */
export async function showItem(page, place, signal) {
  const view = new ItemView(page, place, signal);
  await view.begin();
}

class ItemView {
  #reloaded = 0;

  constructor(page, place, signal) {
    Object.assign(this, { page, place, signal, table: null });
    this.head = el("header", { class: "headline" });
    this.middle = el("section", { class: "light-table", "aria-label": "Pictures" });
    this.side = el("aside", { class: "facts", "aria-label": "Facts" });
    this.actions = el("footer", { class: "actions", role: "group", "aria-label": "Decision" });
  }

  async begin() {
    const { main } = this.page;
    this.item = await fetched(this.page, this.place);
    if (this.signal.aborted) return;
    document.title = `${ruleHeadline(this.item.rule)} · ${this.item.name}`;
    main.replaceChildren(el("article", { class: "item" }, this.head, this.middle, this.side, this.actions));
    keys.use("Decide", this.#shortcuts(), this.signal);
    this.#lay();
    this.head.querySelector("h1").focus({ preventScroll: true });
    this.claim = new Claim(this.page.api, this.place, { signal: this.signal, lost: (problem) => this.#lost(problem) });
    if (this.#open) await this.claim.take();
    if (!this.signal.aborted) prefetch(this.page, this.place);
  }

  /** Read the item anew: its state, and fresh links to its pictures. */
  async refresh() {
    this.item = await this.page.api.item(this.place);
    this.item.fetched = Date.now();
    if (!this.signal.aborted) this.#lay();
  }

  get #open() {
    return this.item.state === "open" || this.item.state === "needs_second";
  }

  #lay() {
    const { item } = this;
    const { jump } = this;
    this.head.replaceChildren(...headline(item));
    this.side.replaceChildren(...facts(item, this.page, { jump, file: (event, name) => this.#file(event, name) }));
    this.#pictures();
    const allowed =
      this.#open && !claimedByOther(item)
        ? item.may
        : { approve: false, reject: false, redo: false, approve_why_not: item.may.approve_why_not };
    this.actions.replaceChildren(...actionBar({ may: allowed }, decide(this)));
  }

  #pictures() {
    const { proofs } = this.item;
    if (!proofs) return this.#wait();
    if (this.table) return this.table.update(this.item);
    this.table = new LightTable(this.item, { signal: this.signal, failed: () => this.#failed() });
    this.middle.replaceChildren(...this.table.nodes);
    return this.table.open();
  }

  /** Pictures are being made of the result: ask again until they are there. */
  #wait() {
    if (this.middle.querySelector(".making")) return;
    this.middle.replaceChildren(
      el(
        "div",
        { class: "frame making", role: "status" },
        el("p", {}, "The pictures are being made. They appear here by themselves."),
      ),
    );
    const again = async () => {
      if (this.signal.aborted || this.item.proofs) return;
      await this.refresh().catch((problem) => warn(problem.message));
      setTimeout(again, POLL_MS);
    };
    setTimeout(again, POLL_MS);
  }

  jump = (index) => {
    const { box } = this.item.findings[index];
    this.table?.showFlag(box, index);
    for (const flag of this.side.querySelectorAll(".flag"))
      flag.toggleAttribute("aria-current", Number(flag.dataset.index) === index);
  };

  /** A picture did not load: most probably its link has ended, so ask for new ones; but not again and again. */
  #failed() {
    if (this.signal.aborted || Date.now() - this.#reloaded < PATIENCE_MS) return;
    this.#reloaded = Date.now();
    this.refresh().catch((problem) => warn(problem.message));
  }

  async #file(event, name) {
    if (Date.now() - this.item.fetched < FRESH_MS) return;
    event.preventDefault();
    await this.refresh();
    open(this.item.files[name], "_blank", "noopener,noreferrer");
  }

  /** Somebody else has it, or has decided it: show how it stands now, and say so. */
  async #lost(problem) {
    if (!["claimed", "decided"].includes(problem.code)) return warn(problem.message);
    await this.refresh();
    const take = button("Take it when it is free", {
      class: "outlined",
      onclick: () => this.claim.take().then((taken) => taken && this.refresh()),
    });
    if (problem.code === "claimed") this.head.querySelector(".notice")?.append(" ", take);
    return warn(conflictWords(this.item, problem));
  }

  #shortcuts() {
    const press = (name) => () => this.actions.querySelector(`.${name}:enabled`)?.click();
    const jumpBy = (step) => () => {
      const boxed = this.item.findings.flatMap(({ box }, index) => (box ? [index] : []));
      if (!boxed.length) return;
      this.flag = boxed[(boxed.indexOf(this.flag) + step + boxed.length) % boxed.length];
      this.jump(this.flag);
    };
    return [
      { keys: ["a"], words: "Approve", run: press("approve") },
      { keys: ["r"], words: "Reject: asks why", run: press("reject") },
      { keys: ["d"], words: "Redo: paint the mask, change the model", run: press("redo") },
      { keys: ["s"], words: "Skip: leave it for later", run: press("skip") },
      { keys: ["j"], words: "Next flag", run: jumpBy(1) },
      { keys: ["k"], words: "Previous flag", run: jumpBy(-1) },
      { keys: ["q"], words: "Back to the queue", run: () => go(queueHash(this.page.lineup.filters)) },
    ];
  }
}

async function fetched(page, place) {
  const ahead = page.ahead;
  page.ahead = null;
  if (ahead?.key === key(place) && Date.now() - ahead.item.fetched < FRESH_MS / 2) return ahead.item;
  const item = await page.api.item(place);
  item.fetched = Date.now();
  return item;
}

/** Fetch the item that comes next with its pictures, so that it stands there at once. */
async function prefetch(page, place) {
  try {
    const next = await page.lineup.after(place);
    if (!next) return;
    const item = await page.api.item(next);
    item.fetched = Date.now();
    page.ahead = { key: key(next), item };
    for (const url of [item.proofs?.before, item.proofs?.after].filter(Boolean)) new Image().src = url;
  } catch {
    // it is fetched, and complained about, when it is opened
  }
}
