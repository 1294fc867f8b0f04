/** What lies over the pictures: the heat-map, the mask, and the boxes of what was flagged. Each can be switched. */

import { el, svg } from "./dom.js";

export class Overlays {
  /** `jump(index)` is called when a box is clicked. */
  constructor({ width, height }, { jump, failed }) {
    Object.assign(this, { jump, failed });
    this.layers = {
      heat: el("div", { class: "layer heat", hidden: true }),
      mask: el("div", { class: "layer mask", hidden: true }),
    };
    this.height = height;
    this.boxes = svg("svg", {
      class: "layer boxes",
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    this.nodes = [this.layers.heat, this.layers.mask, this.boxes];
    this.urls = {};
  }

  /** Give the pictures' addresses anew. What is switched on is shown from there. */
  pictures({ heat, mask }) {
    this.urls = { heat, mask };
    for (const [name, layer] of Object.entries(this.layers)) {
      layer.replaceChildren();
      if (!layer.hidden) this.#load(name);
    }
  }

  has(name) {
    return name === "boxes" ? this.boxes.childElementCount > 0 : Boolean(this.urls[name]);
  }

  /** Switch a layer; returns whether it is on now. */
  toggle(name) {
    const layer = this.layers[name] ?? this.boxes;
    const on = layer.hasAttribute("hidden");
    layer.toggleAttribute("hidden", !on);
    if (on && this.layers[name]) this.#load(name);
    return on;
  }

  /** Draw the boxes of the findings that have one, numbered as in the list beside the picture. */
  flag(findings) {
    this.boxes.replaceChildren(
      ...findings.map((finding, index) => finding.box && this.#box(finding.box, index)).filter(Boolean),
    );
  }

  /** Make one box stand out. */
  choose(index) {
    for (const group of this.boxes.children) group.classList.toggle("chosen", Number(group.dataset.index) === index);
  }

  #load(name) {
    if (this.layers[name].childElementCount || !this.urls[name]) return;
    this.layers[name].append(
      el("img", { src: this.urls[name], alt: "", draggable: "false", onerror: () => this.failed() }),
    );
  }

  #box({ x, y, width, height }, index) {
    const frame = (name) => svg("rect", { class: name, x, y, width, height });
    const above = y > this.height * 0.07; // else the number stands beside the box
    const left = above || x < this.height * 0.07 ? -1 : -22;
    const top = above ? -22 : -1;
    const square = svg("rect", { x: left, y: top, width: 22, height: 22 });
    const label = svg("g", { class: "number" }, square, svg("text", { x: left + 11, y: top + 16 }, String(index + 1)));
    label.style.transform = `translate(${x}px, ${y}px) scale(var(--unit))`;
    const group = svg(
      "g",
      { "data-index": index, class: "box panzoom-exclude" },
      frame("outer"),
      frame("inner"),
      label,
    );
    group.addEventListener("click", () => this.jump(index));
    return group;
  }
}
