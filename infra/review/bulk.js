/** Selecting several items of one reason, and approving them together. */

import { button, el } from "./dom.js";
import { confirm, say, warn } from "./messages.js";
import { count, ruleName } from "./words.js";

const MOST = 100;

export class Bulk {
  #items = new WeakMap();

  /** `again` shows the queue anew. */
  constructor(page, list, again) {
    Object.assign(this, { page, list, again });
    this.words = el("p", { role: "status" });
    this.go = button("Approve", { key: "⇧A", spoken: "Shift+A", class: "primary", onclick: () => this.approve() });
    const all = button("Select all of this reason", { class: "outlined", onclick: () => this.#all() });
    const none = button("Clear", { class: "plain-button", onclick: () => this.#none() });
    this.bar = el("div", { class: "bulk", hidden: true }, this.words, all, none, this.go);
  }

  /** Remember which item a row shows. */
  know(row, item) {
    this.#items.set(row, item);
    this.#admit(row, this.chosen()[0]);
  }

  /** Select a row, or no longer. */
  toggle(row) {
    const box = row?.querySelector(".pick");
    if (!box || box.disabled) return;
    box.checked = !box.checked;
    this.changed();
  }

  /** The items that are selected. */
  chosen() {
    return [...this.list.querySelectorAll(".pick:checked")].map((box) => this.#items.get(box.closest("li")));
  }

  /** A box has changed: only rows of the same reason stay open for more. */
  changed() {
    const chosen = this.chosen();
    this.bar.hidden = chosen.length === 0;
    for (const row of this.list.children) this.#admit(row, chosen[0]);
    if (!chosen.length) return;
    this.words.textContent = `${count(chosen.length, "picture")} selected · ${ruleName(chosen[0].rule)}`;
    this.go.firstChild.textContent = `Approve ${chosen.length}`;
  }

  /** Ask, then approve all that are selected. */
  async approve() {
    const chosen = this.chosen().slice(0, MOST);
    if (!chosen.length) return say("Select pictures first: X on a row, or its box.");
    const title = `Approve ${count(chosen.length, "picture")} without opening them?`;
    if (!(await confirm(title, this.#summary(chosen), { yes: `Approve ${chosen.length}` }))) return;
    const items = chosen.map(({ asset_id, run_id }) => ({ asset_id, run_id }));
    const answer = await this.page.api.approve(items);
    answer.approved.forEach((place) => this.page.lineup.finish(place));
    this.again();
    setTimeout(() => tell(answer)); // after the new view has taken old messages away
  }

  #admit(row, first) {
    const box = row.querySelector(".pick");
    if (!box) return;
    const item = this.#items.get(row);
    box.disabled = Boolean(first) && item?.rule !== first.rule;
    box.title = box.disabled ? "Only pictures with the same reason can be approved together" : "";
  }

  #all() {
    const rule = this.chosen()[0]?.rule;
    const boxes = [...this.list.querySelectorAll(".pick")].filter(
      (box) => this.#items.get(box.closest("li")).rule === rule,
    );
    boxes.slice(0, MOST).forEach((box) => (box.checked = true));
    this.changed();
    if (boxes.length > MOST) say(`${MOST} at a time.`);
  }

  #none() {
    this.list.querySelectorAll(".pick:checked").forEach((box) => (box.checked = false));
    this.changed();
  }

  #summary(chosen) {
    const pictures = chosen.filter((item) => item.thumbnail).slice(0, 12);
    return el(
      "div",
      {},
      el(
        "p",
        {},
        `All wait for the same reason: ${ruleName(chosen[0].rule).toLowerCase()}. They are delivered at once.`,
      ),
      el("div", { class: "contact" }, ...pictures.map((item) => el("img", { src: item.thumbnail, alt: item.name }))),
    );
  }
}

function tell({ approved, need_second: seconded, refused }) {
  const done = `${count(approved.length, "picture")} approved`;
  const more = seconded.length ? `, ${seconded.length} noted: a second person has to agree` : "";
  if (!refused.length) return say(`${done}${more}.`);
  const why = [...new Set(refused.map(({ detail }) => detail))].slice(0, 3).join(" ");
  return warn(`${done}${more}, ${refused.length} not: ${why}`);
}
