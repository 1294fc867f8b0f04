/** The edited areas: a strip to jump by, and one area large, before and after side by side, at 100 or 200 percent. */

import { el } from "./dom.js";
import { count } from "./words.js";

export class Areas {
  /** `chosen(index)` is called when the reader has gone to an area. */
  constructor({ signal, chosen, failed }) {
    Object.assign(this, { signal, chosen, failed, index: -1, percent: 100, areas: [] });
    this.strip = el("div", { class: "strip", role: "group", "aria-label": "Edited areas" });
    this.title = el("p", { class: "area-title", role: "status" });
    this.panes = ["Before", "After"].map((label) => this.#pane(label));
    this.panel = el("div", { class: "panes", hidden: true }, this.title, ...this.panes.map(({ figure }) => figure));
  }

  /** Show the areas of some proofs. */
  show({ areas, areas_left_out: leftOut, after, width, height }) {
    this.areas = areas;
    this.leftOut = leftOut;
    this.strip.hidden = areas.length === 0;
    this.strip.replaceChildren(...areas.map((area, index) => this.#stamp(area, index, { after, width, height })));
    if (leftOut) this.strip.append(el("p", { class: "quiet" }, `and ${leftOut} smaller`));
    if (this.index >= 0) this.go(this.index, { quiet: true });
  }

  /** Go to an area. Beyond the last comes the first. */
  go(index, { quiet = false } = {}) {
    const { length } = this.areas;
    if (!length) return;
    this.index = (index + length) % length;
    const area = this.areas[this.index];
    this.title.textContent = `Area ${this.index + 1} of ${count(length, "edited area")}${this.leftOut ? ` (${this.leftOut} smaller ones are not shown)` : ""}`;
    for (const stamp of this.strip.querySelectorAll("button"))
      stamp.toggleAttribute("aria-current", Number(stamp.dataset.index) === this.index);
    this.#fill(this.panes[0], area.before, area);
    this.#fill(this.panes[1], area.after, area);
    if (!quiet) this.chosen(area, this.index);
  }

  step(by) {
    this.go(this.index < 0 ? (by > 0 ? 0 : -1) : this.index + by);
  }

  zoom(percent) {
    this.percent = percent;
    if (this.index >= 0) this.go(this.index, { quiet: true });
  }

  /** Show or hide the panel; it opens on the first area. */
  open(on) {
    this.panel.hidden = !on;
    if (on) this.go(Math.max(0, this.index), { quiet: true });
  }

  #pane(label) {
    const image = el("img", { alt: "", decoding: "async", onerror: () => image.getAttribute("src") && this.failed() });
    const scroller = el(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": `${label}, at full size` },
      image,
    );
    scroller.addEventListener("scroll", () => this.#together(scroller), { passive: true, signal: this.signal });
    return { figure: el("figure", {}, el("figcaption", {}, label), scroller), image, scroller, label };
  }

  #fill({ image, scroller, label, figure }, url, { view, edited }) {
    const unit = this.percent / 100 / devicePixelRatio;
    if (image.getAttribute("src") !== url) image.src = url;
    image.alt = `Area ${this.index + 1}, ${label.toLowerCase()}`;
    image.style.width = `${view.width * unit}px`;
    image.style.height = `${view.height * unit}px`;
    figure.querySelector("figcaption").textContent = `${label} · ${this.percent} %`;
    scroller.scrollTo(
      (edited.x + edited.width / 2 - view.x) * unit - scroller.clientWidth / 2,
      (edited.y + edited.height / 2 - view.y) * unit - scroller.clientHeight / 2,
    );
  }

  #together(moved) {
    for (const { scroller } of this.panes) if (scroller !== moved) scroller.scrollTo(moved.scrollLeft, moved.scrollTop);
  }

  /** A stamp is cut out of the overview, which is loaded anyway. */
  #stamp({ edited }, index, { after, width, height }) {
    const image = el("img", { src: after, alt: "", draggable: "false", decoding: "async" });
    const side = Math.min(Math.max(edited.width, edited.height) * 1.25, width, height);
    const middle = (from, long, most) => Math.max(side / 2, Math.min(most - side / 2, from + long / 2));
    image.style.width = `${(width / side) * 100}%`;
    image.style.left = `${50 - (middle(edited.x, edited.width, width) / side) * 100}%`;
    image.style.top = `${50 - (middle(edited.y, edited.height, height) / side) * 100}%`;
    image.style.aspectRatio = `${width} / ${height}`;
    return el(
      "button",
      {
        type: "button",
        class: "stamp",
        "data-index": index,
        "aria-label": `Area ${index + 1}`,
        onclick: () => this.go(index),
      },
      image,
      el("span", { "aria-hidden": "true" }, String(index + 1)),
    );
  }
}
