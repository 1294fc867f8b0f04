/** What a reviewer has drawn, as the API takes it: strokes and a box in native pixels. Everything can be undone. */

export const MOST_STROKES = 400;
export const MOST_POINTS = 20000;

export class Strokes {
  #done = [];
  #undone = [];

  /** Add one act: `{stroke}`, `{box}` or `{clear: true}`. Returns whether there was room for it. */
  add(act) {
    if (act.stroke && (this.strokes.length >= MOST_STROKES || this.points + act.stroke.points.length > MOST_POINTS))
      return false;
    this.#done.push(act);
    this.#undone = [];
    return true;
  }

  undo() {
    const act = this.#done.pop();
    if (act) this.#undone.push(act);
    return Boolean(act);
  }

  again() {
    const act = this.#undone.pop();
    if (act) this.#done.push(act);
    return Boolean(act);
  }

  get undoable() {
    return this.#done.length > 0;
  }

  get redoable() {
    return this.#undone.length > 0;
  }

  /** Whether the present mask was cleared away, so that only what was drawn after that counts. */
  get cleared() {
    return this.#done.some((act) => act.clear);
  }

  get strokes() {
    const cleared = this.#done.findLastIndex((act) => act.clear);
    return this.#done.slice(cleared + 1).flatMap((act) => (act.stroke ? [act.stroke] : []));
  }

  get points() {
    return this.strokes.reduce((sum, { points }) => sum + points.length, 0);
  }

  /** The box that was drawn last, unless it was cleared since. */
  get box() {
    const cleared = this.#done.findLastIndex((act) => act.clear);
    return this.#done.slice(cleared + 1).findLast((act) => act.box)?.box ?? null;
  }

  /** What of it goes into a request. */
  changes() {
    const { strokes, box, cleared } = this;
    return {
      ...(strokes.length ? { strokes } : {}),
      ...(strokes.length || cleared ? { start_from: cleared ? "empty" : "mask" } : {}),
      ...(box ? { box } : {}),
    };
  }
}

/** A stroke that grows point by point; points closer together than a quarter of its radius are left out. */
export class Growing {
  constructor(paint, radius) {
    Object.assign(this, { paint, radius: rounded(radius), points: [] });
  }

  to([x, y]) {
    const last = this.points.at(-1);
    if (last && Math.hypot(x - last[0], y - last[1]) < Math.max(0.75, this.radius / 4)) return false;
    this.points.push([rounded(x), rounded(y)]);
    return true;
  }

  get stroke() {
    return { paint: this.paint, radius: this.radius, points: this.points };
  }
}

function rounded(value) {
  return Math.round(value * 10) / 10;
}
