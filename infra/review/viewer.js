/** A window onto a picture: pan and zoom by wheel, drag, pinch and keys. Knows native pixels. */

import Panzoom from "./vendor/panzoom-4.6.2.js";

const DEEPEST = 8; // screen pixels for a native one
const STEP = 1.35;
const MARGIN = 48; // screen pixels that the picture's edge may come into the frame

/**
 * `sheet` holds the pictures and is fitted into `frame`; in between lies `mover`, as large as the frame, which is what
 * moves. With `drag: false` the caller hands pointer events on itself (the painter draws with them).
 */
export class Viewer {
  constructor(frame, mover, sheet, { width, height, signal, drag = true }) {
    Object.assign(this, { frame, mover, sheet, width, height, listeners: [] });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.panzoom = Panzoom(mover, {
      minScale: 1,
      maxScale: 100,
      panOnlyWhenZoomed: true,
      pinchAndPan: true,
      noBind: !drag,
      cursor: "",
      duration: still ? 0 : 160,
      step: 0.35,
    });
    frame.addEventListener("wheel", (event) => this.panzoom.zoomWithWheel(event, { maxScale: this.#scale(DEEPEST) }), {
      passive: false,
      signal,
    });
    mover.addEventListener("panzoomchange", () => this.#moved(), { signal });
    mover.addEventListener("transitionrun", () => this.#follow(), { signal });
    for (const name of ["transitionend", "transitioncancel"])
      mover.addEventListener(name, () => this.#tell((this.gliding = false)), { signal });
    const observer = new ResizeObserver(() => this.#fitSheet());
    observer.observe(frame);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.panzoom.destroy();
    });
    this.#fitSheet();
  }

  /** Call this whenever the view has changed. */
  onchange(listener) {
    this.listeners.push(listener);
  }

  /** The picture as a whole. */
  fit() {
    this.panzoom.zoom(1, { animate: true });
    this.panzoom.pan(0, 0, { animate: true, force: true });
  }

  /** `share` screen pixels for a native one: 1 is 100 %. The middle stays where it is, or moves to that of `box`. */
  native(share, box = null) {
    const scale = Math.max(1, this.#scale(share));
    const { x, y } = this.#kept(box ? this.#shift(box) : this.panzoom.getPan(), scale);
    this.panzoom.zoom(scale, { animate: true });
    this.panzoom.pan(x, y, { animate: true, force: true });
  }

  /** Show a box in the middle: at 100 %, smaller if it would not fit, up to 300 % if the whole picture shows that much. */
  show(box) {
    const room =
      Math.min(this.frame.clientWidth / box.width, this.frame.clientHeight / box.height) * 0.7 * devicePixelRatio;
    const whole = (this.fitted * devicePixelRatio) / this.width;
    this.native(whole < 0.67 ? Math.min(1, room) : Math.min(3, room), box);
  }

  /** Zoom in (1) or out (-1) by a step. */
  step(direction) {
    const scale = Math.min(this.#scale(DEEPEST), this.panzoom.getScale() * STEP ** direction);
    this.panzoom.zoom(scale, { animate: true });
    if (scale <= 1) this.fit();
  }

  /** Move by shares of the frame. */
  nudge(right, down) {
    const { x, y } = this.panzoom.getPan();
    const scale = this.panzoom.getScale();
    this.panzoom.pan(x - (right * this.frame.clientWidth) / scale, y - (down * this.frame.clientHeight) / scale, {
      animate: true,
    });
  }

  /** Screen pixels for a native one. */
  get share() {
    return (this.panzoom.getScale() * this.fitted * devicePixelRatio) / this.width;
  }

  get zoomed() {
    return this.panzoom.getScale() > 1.001;
  }

  /** Whether any of a box will be visible when all has come to rest. */
  sees({ x, y, width, height }) {
    const scale = this.panzoom.getScale();
    const unit = (scale * this.fitted) / this.width;
    const pan = this.panzoom.getPan();
    const within = (from, long, room, moved, whole) => {
      const start = room / 2 + scale * moved + (from - whole / 2) * unit;
      return start < room && start + long * unit > 0;
    };
    const { clientWidth, clientHeight } = this.frame;
    return within(x, width, clientWidth, pan.x, this.width) && within(y, height, clientHeight, pan.y, this.height);
  }

  /** Where a native x will be when all has come to rest, as a share 0..1 of what is visible of the picture. */
  shareOf(x) {
    const room = this.frame.clientWidth;
    const scale = this.panzoom.getScale();
    const left = room / 2 + scale * (this.panzoom.getPan().x - this.fitted / 2);
    const right = left + scale * this.fitted;
    const [from, to] = [Math.max(0, left), Math.min(room, right)];
    return (left + (x / this.width) * (right - left) - from) / (to - from);
  }

  /** Native coordinates of a point on the screen. */
  nativeAt({ clientX, clientY }) {
    const { left, top, width, height } = this.sheet.getBoundingClientRect();
    return [((clientX - left) / width) * this.width, ((clientY - top) / height) * this.height];
  }

  #scale(share) {
    return (share * this.width) / this.fitted / devicePixelRatio;
  }

  #shift({ x, y, width, height }) {
    const unit = this.fitted / this.width;
    return { x: (this.width / 2 - x - width / 2) * unit, y: (this.height / 2 - y - height / 2) * unit };
  }

  #fitSheet() {
    const { clientWidth, clientHeight } = this.frame;
    if (!clientWidth || !clientHeight) return;
    this.fitted = Math.min(clientWidth, (clientHeight * this.width) / this.height);
    this.sheet.style.width = `${this.fitted}px`;
    this.sheet.style.height = `${(this.fitted * this.height) / this.width}px`;
    this.#tell();
  }

  /** The picture fills the frame as far as it can: nobody loses it. */
  #kept({ x, y }, scale) {
    const most = (sheet, frame) => Math.max(0, (sheet * scale - frame) / 2 + (scale > 1.001 ? MARGIN : 0)) / scale;
    const within = (value, limit) => Math.max(-limit, Math.min(limit, value));
    return {
      x: within(x, most(this.sheet.clientWidth, this.frame.clientWidth)),
      y: within(y, most(this.sheet.clientHeight, this.frame.clientHeight)),
    };
  }

  #moved() {
    const pan = this.panzoom.getPan();
    const { x, y } = this.#kept(pan, this.panzoom.getScale());
    if (Math.abs(x - pan.x) > 0.01 || Math.abs(y - pan.y) > 0.01) this.panzoom.pan(x, y, { force: true });
    this.#tell();
  }

  /** While the picture glides, whatever is drawn by where it is has to glide along. */
  #follow() {
    if (this.gliding) return;
    this.gliding = true;
    const draw = () => {
      if (!this.gliding) return;
      this.#tell();
      requestAnimationFrame(draw);
    };
    draw();
  }

  #tell() {
    this.frame.classList.toggle("zoomed", this.zoomed);
    this.sheet.style.setProperty("--unit", String(this.width / (this.fitted * this.panzoom.getScale())));
    this.listeners.forEach((listener) => listener());
  }
}
