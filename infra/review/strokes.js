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

  /** Only what came after the last clearing, or after the last box, counts: a box replaces what was painted. */
  get #last() {
    return this.#done.findLastIndex((act) => act.clear || act.box);
  }

  /** Whether the present mask was cleared away. */
  get cleared() {
    return Boolean(this.#done[this.#last]?.clear);
  }

  get strokes() {
    return this.#done.slice(this.#last + 1).flatMap((act) => (act.stroke ? [act.stroke] : []));
  }

  /** The box, unless something was painted since. */
  get box() {
    return this.#last === this.#done.length - 1 ? (this.#done[this.#last]?.box ?? null) : null;
  }

  get points() {
    return this.strokes.reduce((sum, { points }) => sum + points.length, 0);
  }

  /** What of it goes into a request. */
  changes() {
    const { strokes, box, cleared } = this;
    if (box) return { box };
    return strokes.length ? { strokes, start_from: cleared ? "empty" : "mask" } : {};
  }

  /** Whether nothing is left that could be replaced. */
  get empty() {
    return this.cleared && !this.strokes.length;
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
