/** Two pictures of the same place, one over the other: a slider between them, flicker, and holding to see the first. */

import { details } from "./details.js";
import { el } from "./dom.js";
import { Viewer } from "./viewer.js";

const FLICKER_MS = 550; // below two changes a second: far from what harms (WCAG 2.3.1 allows three flashes)

export class Compare {
  #mode = "slider";
  #timer = null;

  /** `size` is the native picture's `{width, height}`. `failed` is called when a picture does not load. */
  constructor(size, { signal, failed }) {
    Object.assign(this, { size, signal, failed });
    this.first = el("div", { class: "layer first" });
    this.second = el("div", { class: "layer second" });
    this.sheet = el("div", { class: "sheet" }, this.first, this.second);
    this.mover = el("div", { class: "mover" }, this.sheet);
    this.labels = [el("p", { class: "label left" }), el("p", { class: "label right" })];
    this.line = el("div", { class: "line" }, el("span", { class: "grip" }), ...this.labels);
    this.only = el("p", { class: "label only" });
    this.window = el("div", { class: "window" }, this.mover);
    this.frame = el("div", { class: "frame labelled" }, this.window, this.line, this.only); // labels never lie on a picture
    this.range = el("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "0.5",
      value: "50",
      class: "slider",
      oninput: () => this.#slid(),
    });
    signal.addEventListener("abort", () => clearInterval(this.#timer));
  }

  /** Begin, once the frame is in the document. */
  open() {
    this.viewer = new Viewer(this.window, this.mover, this.sheet, { ...this.size, signal: this.signal });
    this.viewer.onchange(() => this.#draw());
    this.#drag();
    this.#draw();
  }

  /** Show one picture alone where there is nothing to compare it with. */
  alone(picture) {
    this.single = true;
    this.show({ first: picture, second: picture });
    this.#set("second");
  }

  /** Show `{first, second}`: each `{label, alt, url, parts, full}`, parts being `[{view, url}]` at full size. */
  show({ first, second }) {
    this.pictures = { first, second };
    this.range.setAttribute("aria-label", `Slider: ${first.label} on the left, ${second.label} on the right`);
    this.labels[0].textContent = first.label;
    this.labels[1].textContent = second.label;
    this.#fill(this.first, first);
    this.#fill(this.second, second);
    if (this.viewer) this.#draw();
  }

  /** Put the slider where `x` is, in native pixels. */
  aim(x) {
    this.range.value = String(Math.max(8, Math.min(92, (x / this.size.width) * 100)));
  }

  /** Go to a box, and put the slider through its middle. */
  lookAt(box) {
    this.viewer.show(box);
    this.range.value = String(this.viewer.shareOf(box.x + box.width / 2) * 100);
    this.#slid();
  }

  /** Move the slider by some percent. */
  slide(by) {
    this.range.value = String(Number(this.range.value) + by);
    this.#slid();
  }

  /** Change between the two by itself, or stop that. Under reduced motion each call changes once. */
  flicker() {
    if (this.single) return undefined;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches)
      return this.#set(this.#mode === "first" ? "second" : "first");
    if (this.#timer) return this.#set("slider");
    this.#set("first");
    this.#timer = setInterval(() => this.#turn(), FLICKER_MS);
    return undefined;
  }

  get flickering() {
    return this.#timer !== null;
  }

  /** Show the first picture as long as something is held. */
  hold(held) {
    this.#set(held ? "first" : "slider");
  }

  #turn() {
    this.#mode = this.#mode === "first" ? "second" : "first";
    this.#draw();
  }

  #set(mode) {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#mode = this.single ? "second" : mode;
    this.#draw();
  }

  #slid() {
    this.#set("slider");
  }

  #fill(layer, { alt, url, parts, full = this.size.width }) {
    const [onload, onerror] = [() => this.#draw(), () => this.failed()]; // only now is known how much the overview holds
    const picture = el("img", { src: url, alt, draggable: "false", decoding: "async", onload, onerror });
    layer.replaceChildren(picture);
    layer.load = details(layer, picture, { parts, full }, this.size, () => this.failed());
  }

  /** The slider runs over what is visible of the picture, so that it has no dead ends. */
  #draw() {
    if (!this.viewer) return;
    const sheet = this.sheet.getBoundingClientRect();
    const frame = this.window.getBoundingClientRect();
    const left = Math.max(sheet.left, frame.left);
    const right = Math.min(sheet.right, frame.right);
    const share = { slider: this.range.valueAsNumber / 100, first: 1, second: 0 }[this.#mode];
    const at = left + share * (right - left);
    this.second.style.clipPath = `inset(0 0 0 ${((at - sheet.left) / sheet.width) * 100}%)`;
    this.line.style.transform = `translateX(${at - frame.left}px)`;
    this.frame.dataset.mode = this.#mode;
    this.only.textContent = this.pictures?.[this.#mode]?.label ?? "";
    this.frame.dataset.flicker = String(this.flickering);
    for (const layer of [this.first, this.second]) layer.load?.(this.viewer);
  }

  #drag() {
    this.line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.line.setPointerCapture(event.pointerId);
    });
    this.line.addEventListener("pointermove", ({ clientX, pointerId }) => {
      if (!this.line.hasPointerCapture(pointerId)) return;
      const sheet = this.sheet.getBoundingClientRect();
      const frame = this.window.getBoundingClientRect();
      const left = Math.max(sheet.left, frame.left);
      this.range.value = String(((clientX - left) / (Math.min(sheet.right, frame.right) - left)) * 100);
      this.#slid();
    });
  }
}
