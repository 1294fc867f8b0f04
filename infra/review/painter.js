/** Painting a mask: brush, eraser, box; by pointer, or by keys with a crosshair. Records strokes, not a bitmap. */

import { el, svg } from "./dom.js";
import { MaskCanvas } from "./mask_canvas.js";
import { pointers } from "./pointers.js";
import { Growing, Strokes } from "./strokes.js";
import { Viewer } from "./viewer.js";

const SMALLEST = 0.002; // of the longer side
const LARGEST = 0.12;

export class Painter {
  /** `changed` is called when something was drawn; `say` speaks to the reader. */
  constructor(item, { signal, changed, say }) {
    Object.assign(this, {
      item,
      native: item.proofs,
      signal,
      changed,
      say,
      tool: "brush",
      drawn: new Strokes(),
      live: null,
    });
    const { proofs } = item;
    const { width, height } = proofs;
    this.side = Math.max(width, height);
    this.radius = this.side * 0.015;
    this.cursor = [width / 2, height / 2];
    this.picture = el("img", {
      src: proofs.after,
      alt: `${item.name}, with the mask that is being painted`,
      draggable: "false",
    });
    this.canvas = el("canvas", { class: "layer paint", "aria-hidden": "true" });
    this.box = svg("rect", { class: "inner" });
    this.ring = svg("circle", { class: "ring" });
    const marks = svg(
      "svg",
      { class: "layer boxes", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      this.box,
      this.ring,
    );
    this.sheet = el("div", { class: "sheet" }, el("div", { class: "layer" }, this.picture), this.canvas, marks);
    this.mover = el("div", { class: "mover" }, this.sheet);
    this.frame = el(
      "div",
      {
        class: "frame painting",
        tabindex: "0",
        role: "application",
        "aria-label": "Mask painter. Arrow keys move the brush, Space starts and ends a stroke.",
      },
      this.mover,
    );
  }

  /** Begin, once the frame is in the document. */
  open() {
    this.viewer = new Viewer(this.frame, this.mover, this.sheet, {
      width: this.native.width,
      height: this.native.height,
      signal: this.signal,
      drag: false,
    });
    const shrink = Math.min(1, 2048 / this.side);
    this.canvas.width = Math.round(this.native.width * shrink);
    this.canvas.height = Math.round(this.native.height * shrink);
    this.mask = new MaskCanvas(this.canvas, this.native);
    if (this.item.proofs.mask) {
      const present = new Image();
      present.onload = () => {
        this.mask.start(present);
        this.draw();
      };
      present.src = this.item.proofs.mask;
    }
    pointers(this, this.signal);
    this.draw();
  }

  choose(tool) {
    if (this.live) this.end();
    this.tool = tool;
    this.frame.dataset.tool = tool;
    this.changed();
  }

  /** Brush radius in native pixels, as a place 0..1 on a scale that feels even. */
  get size() {
    return Math.log(this.radius / this.side / SMALLEST) / Math.log(LARGEST / SMALLEST);
  }

  set size(place) {
    const kept = Math.max(0, Math.min(1, place));
    this.radius = Math.max(0.5, this.side * SMALLEST * (LARGEST / SMALLEST) ** kept);
    this.draw();
    this.changed();
  }

  /** Begin a stroke, or a box, at a native point. */
  begin(point) {
    this.cursor = point;
    this.live = this.tool === "box" ? { from: point, to: point } : new Growing(this.tool === "brush", this.radius);
    this.extend(point);
  }

  extend(point) {
    this.cursor = point;
    if (this.live?.from) this.live.to = point;
    else if (this.live?.to(point)) this.mask.grow(this.live.stroke);
    this.#mark();
  }

  end() {
    const { live } = this;
    this.live = null;
    if (!live) return;
    const act = live.from ? { box: boxOf(live.from, live.to, this.native) } : { stroke: live.stroke };
    if (act.box && (act.box.width < 2 || act.box.height < 2)) return this.draw();
    if (act.box) this.say("The object in this box is looked for. A box replaces what was painted before.");
    if (!this.drawn.add(act))
      this.say("That is as much as one redo takes. Undo something, or paint with a larger brush.");
    this.draw();
    this.changed();
  }

  cancel() {
    this.live = null;
    this.draw();
  }

  undo() {
    if (this.drawn.undo()) this.#after("Undone.");
  }

  again() {
    if (this.drawn.again()) this.#after("Done again.");
  }

  clear() {
    this.drawn.add({ clear: true });
    this.#after("The mask is empty.");
  }

  /** Move the crosshair by shares of the brush; while a stroke is begun, it follows. */
  move(right, down) {
    const step = Math.max(1, this.radius / 2);
    const [x, y] = this.cursor;
    const kept = (value, most) => Math.max(0, Math.min(most, value));
    this.extend([kept(x + right * step, this.native.width), kept(y + down * step, this.native.height)]);
    this.frame.classList.add("by-keys");
  }

  /** Begin or end at the crosshair. */
  press() {
    const [x, y] = this.cursor.map(Math.round);
    if (this.live) this.end();
    else this.begin(this.cursor);
    this.say(this.live ? `Begun at ${x}, ${y}.` : `Ended at ${x}, ${y}.`);
    this.frame.classList.add("by-keys");
    this.#mark();
  }

  draw() {
    this.mask?.draw(this.drawn);
    if (this.live && !this.live.from && this.live.points.length)
      this.mask.draw({ strokes: [...this.drawn.strokes, this.live.stroke], cleared: this.drawn.cleared });
    this.#mark();
  }

  #after(words) {
    this.say(words);
    this.draw();
    this.changed();
  }

  #mark() {
    const box = this.live?.from ? boxOf(this.live.from, this.live.to, this.native) : this.drawn.box;
    this.box.toggleAttribute("hidden", !box);
    for (const [name, value] of Object.entries(box ?? {})) this.box.setAttribute(name, value);
    const [x, y] = this.cursor;
    const radius = this.tool === "box" ? this.side * 0.004 : this.radius;
    for (const [name, value] of Object.entries({ cx: x, cy: y, r: radius })) this.ring.setAttribute(name, value);
    this.ring.classList.toggle("drawing", Boolean(this.live));
  }
}

function boxOf([x, y], [right, bottom], { width, height }) {
  const kept = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  const [left, far] = [kept(Math.min(x, right), width), kept(Math.max(x, right), width)];
  const [top, low] = [kept(Math.min(y, bottom), height), kept(Math.max(y, bottom), height)];
  return { x: left, y: top, width: far - left, height: low - top };
}
