/** The order in which a reviewer meets items: what the queue lists, page by page, less what is done or skipped. */

import { claimedByOther } from "./words.js";

const PAGE = 50;

export class Lineup {
  constructor(api) {
    this.api = api;
    this.left = new Set();
    this.done = 0;
    this.reset({});
  }

  /** Begin anew with some filters. Nothing is loaded yet. */
  reset(filters) {
    this.filters = filters;
    this.items = [];
    this.cursor = null;
    this.started = false;
  }

  /** Whether the queue has more pages than are loaded. */
  get more() {
    return !this.started || this.cursor !== null;
  }

  /** Load the next page and return its items. */
  async load() {
    const { filters } = this;
    const query = { ...filters, limit: String(PAGE), ...(this.cursor ? { cursor: this.cursor } : {}) };
    const page = await this.api.reviews(query);
    if (filters !== this.filters) return []; // the reader changed the filters meanwhile
    const known = new Set(this.items.map(key));
    const fresh = page.items.filter((item) => !known.has(key(item)));
    this.items.push(...fresh);
    this.cursor = page.cursor;
    this.started = true;
    return fresh;
  }

  /** Somebody has decided this item, here or elsewhere. */
  finish(place, { here = true } = {}) {
    this.items = this.items.filter((item) => key(item) !== key(place));
    if (here) this.done += 1;
  }

  /** The reader does not want to decide this one now. */
  skip(place) {
    this.left.add(key(place));
  }

  /** The item after this one that nobody else has claimed, or `null` at the end. Skipped ones do not come again. */
  async after(place) {
    for (;;) {
      const index = this.items.findIndex((item) => key(item) === key(place));
      const next = this.items.slice(index + 1).find((item) => this.#free(item, place));
      if (next) return next;
      if (!this.more) return this.items.find((item) => this.#free(item, place)) ?? null;
      await this.load();
    }
  }

  #free(item, place) {
    return !claimedByOther(item) && key(item) !== key(place) && !this.left.has(key(item));
  }
}

/** What tells items apart. */
export function key({ asset_id, run_id }) {
  return `${asset_id}/${run_id}`;
}
