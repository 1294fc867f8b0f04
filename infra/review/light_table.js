/** The pictures with everything that can be laid over them or switched, and the tools that do it. */

import { Areas } from "./areas.js";
import { Compare } from "./compare.js";
import { button, el } from "./dom.js";
import * as keys from "./keys.js";
import { Overlays } from "./overlays.js";

const SLIDE = 4; // percent a key press
const PAN = 0.15; // of the frame

export class LightTable {
  constructor(item, { signal, failed }) {
    Object.assign(this, { item, signal, failed, against: "before" });
    this.compare = new Compare(item.proofs, { signal, failed });
    this.overlays = new Overlays(item.proofs, {
      jump: (index) => this.showFlag(item.findings[index].box, index),
      failed,
    });
    this.areas = new Areas({ signal, failed, chosen: (area) => this.panes || this.compare.lookAt(area.edited) });
    this.compare.sheet.append(...this.overlays.nodes);
    this.place = el("output", { class: "zoom", "aria-label": "Magnification" });
    this.tools = this.#tools();
    const views = el("div", { class: "views" }, this.compare.frame, this.areas.panel);
    views.style.setProperty("--ratio", String(item.proofs.width / item.proofs.height));
    this.nodes = [
      views,
      el("div", { class: "under" }, this.areas.strip, this.tools.zoom),
      el("div", { class: "toolbar", role: "toolbar", "aria-label": "View" }, ...this.tools.groups),
    ];
  }

  /** Begin, once the nodes are in the document. */
  open() {
    this.update(this.item);
    this.compare.aim(this.#interest());
    this.compare.open();
    this.compare.viewer.onchange(() => this.#magnification());
    this.#magnification();
    keys.use("Look", this.#shortcuts(), this.signal);
  }

  /** Show an item's pictures, with links as they are now. */
  update(item) {
    this.item = item;
    const { proofs, parent } = item;
    const earlier = this.against === "earlier" && parent?.proofs;
    const part = (name) => proofs.areas.map((area) => ({ view: area.view, url: area[name] }));
    const first = earlier
      ? {
          label: "Earlier attempt",
          alt: `Result of the earlier attempt at ${item.name}`,
          url: parent.proofs.after,
          details: parent.proofs.areas.map(({ view, after }) => ({ view, url: after })),
        }
      : { label: "Before", alt: `${item.name} before the edit`, url: proofs.before, details: part("before") };
    this.compare.show({
      first,
      second: { label: "After", alt: `${item.name} after the edit`, url: proofs.after, details: part("after") },
    });
    this.overlays.pictures(proofs);
    this.overlays.flag(item.findings);
    this.areas.show(proofs);
    this.tools.refresh();
  }

  /** Go to a flag. */
  showFlag(box, index) {
    if (this.panes) this.#both();
    this.overlays.choose(index);
    this.compare.lookAt(box);
  }

  get panes() {
    return !this.areas.panel.hidden;
  }

  /** Where a reviewer wants to look first: the first flag, or the largest edit; else the middle. In native pixels. */
  #interest() {
    const { findings, proofs } = this.item;
    const { width } = proofs;
    const edits = proofs.areas
      .map(({ edited }) => edited)
      .sort((one, other) => other.width * other.height - one.width * one.height);
    const box = findings.find((finding) => finding.box)?.box ?? edits[0];
    return box ? box.x + box.width / 2 : width / 2;
  }

  #magnification() {
    this.place.textContent = `${this.panes ? this.areas.percent : Math.round(this.compare.viewer.share * 100)} %`;
  }

  #both() {
    const on = !this.panes;
    this.areas.open(on);
    this.compare.frame.hidden = on;
    this.tools.refresh();
    this.#magnification();
  }

  #zoom(percent) {
    if (this.panes) this.areas.zoom(percent);
    else this.compare.viewer.native(percent / 100);
    this.#magnification();
  }

  #flicker() {
    this.compare.flicker();
    this.tools.refresh();
  }

  #toggle(name) {
    if (this.overlays.has(name)) this.overlays.toggle(name);
    this.tools.refresh();
  }

  #earlier() {
    if (!this.item.parent?.proofs) return;
    this.against = this.against === "earlier" ? "before" : "earlier";
    this.update(this.item);
  }

  #tools() {
    const tool = (label, key, run, more = {}) => button(label, { key, class: "tool", onclick: run, ...more });
    const flicker = tool("Flicker", "F", () => this.#flicker());
    const hold = tool("Before", "B", null, { title: "Hold to see the picture before" });
    hold.addEventListener("pointerdown", () => this.compare.hold(true));
    for (const name of ["pointerup", "pointercancel", "pointerleave"])
      hold.addEventListener(name, () => this.compare.hold(false));
    const layers = {
      heat: tool("Heat", "H", () => this.#toggle("heat")),
      mask: tool("Mask", "M", () => this.#toggle("mask")),
      boxes: tool("Flags", "L", () => this.#toggle("boxes")),
    };
    const both = tool("Side by side", "V", () => this.#both());
    const earlier = tool("Earlier attempt", "E", () => this.#earlier());
    const zoom = [
      this.place,
      tool("Fit", "0", () => this.compare.viewer.fit()),
      tool("100 %", "1", () => this.#zoom(100)),
      tool("200 %", "2", () => this.#zoom(200)),
    ];
    const slider = el("div", { class: "slide" }, this.compare.range);
    const press = (made, on) => made.setAttribute("aria-pressed", String(on));
    const refresh = () => {
      press(flicker, this.compare.flickering);
      press(both, this.panes);
      press(earlier, this.against === "earlier");
      earlier.hidden = !this.item.parent?.proofs;
      both.disabled = !this.item.proofs.areas.length;
      for (const made of [this.compare.range, flicker, hold, earlier]) made.disabled = this.panes;
      for (const [name, made] of Object.entries(layers)) {
        made.disabled = this.panes || !this.overlays.has(name);
        press(made, !made.disabled && !(this.overlays.layers[name] ?? this.overlays.boxes).hasAttribute("hidden"));
      }
    };
    const group = (...made) => el("div", { class: "tools" }, ...made);
    return {
      refresh,
      zoom: group(...zoom),
      groups: [slider, group(flicker, hold, both, earlier), group(...Object.values(layers))],
    };
  }

  #shortcuts() {
    const { viewer } = this.compare;
    const pan = (key, right, down) => ({
      keys: [`Shift+${key}`],
      words: key === "ArrowLeft" ? "Pan (all arrows with Shift)" : null,
      repeats: true,
      run: () => viewer.nudge(right * PAN, down * PAN),
    });
    return [
      { keys: ["ArrowLeft"], words: "Slider to the left", repeats: true, run: () => this.compare.slide(-SLIDE) },
      { keys: ["ArrowRight"], words: "Slider to the right", repeats: true, run: () => this.compare.slide(SLIDE) },
      { keys: ["f"], words: "Flicker between before and after", run: () => this.#flicker() },
      {
        keys: ["b"],
        words: "Hold to see the picture before",
        run: () => this.compare.hold(true),
        up: () => this.compare.hold(false),
      },
      { keys: ["v"], words: "Edited areas side by side", run: () => this.#both() },
      { keys: ["e"], words: "Compare with the earlier attempt", run: () => this.#earlier() },
      { keys: ["n"], words: "Next edited area", run: () => this.areas.step(1) },
      { keys: ["p"], words: "Previous edited area", run: () => this.areas.step(-1) },
      { keys: ["h"], words: "Heat-map of all differences", run: () => this.#toggle("heat") },
      { keys: ["m"], words: "Mask", run: () => this.#toggle("mask") },
      { keys: ["l"], words: "Boxes of the flags", run: () => this.#toggle("boxes") },
      { keys: ["0"], words: "Whole picture", run: () => viewer.fit() },
      { keys: ["1"], words: "100 %", run: () => this.#zoom(100) },
      { keys: ["2"], words: "200 %", run: () => this.#zoom(200) },
      { keys: ["+", "="], words: "Zoom in", repeats: true, run: () => viewer.step(1) },
      { keys: ["-"], words: "Zoom out", repeats: true, run: () => viewer.step(-1) },
      pan("ArrowLeft", -1, 0),
      pan("ArrowRight", 1, 0),
      pan("ArrowUp", 0, -1),
      pan("ArrowDown", 0, 1),
    ];
  }
}
