/** The claim on an item: taken on opening, renewed while the reviewer is active, given back on leaving. */

const RENEW_MS = 4 * 60000;
const IDLE_MS = 8 * 60000; // a forgotten tab lets its claim end, so that others can go on

export class Claim {
  #seen = Date.now();
  held = false;

  /** `lost(problem)` is called when the item is somebody else's, or decided. */
  constructor(api, place, { signal, lost }) {
    Object.assign(this, { api, place, signal, lost });
    const timer = setInterval(() => this.#renew(), RENEW_MS);
    const active = () => {
      const slept = Date.now() - this.#seen > IDLE_MS;
      this.#seen = Date.now();
      if (slept) this.take();
    };
    for (const event of ["keydown", "pointerdown"]) addEventListener(event, active, { signal });
    addEventListener("pagehide", () => this.release(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.take(), { signal });
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      this.release();
    });
  }

  /** Take the item, or take it again. Returns the answer, or `null` if it is not to be had. */
  async take() {
    try {
      const answer = await this.api.claim(this.place);
      this.held = true;
      if (this.signal.aborted) this.release();
      return answer;
    } catch (problem) {
      this.held = false;
      if (!this.signal.aborted) this.lost(problem);
      return null;
    }
  }

  /** Give it back, unless it was decided or never ours. */
  release() {
    if (!this.held) return;
    this.held = false;
    this.api.release(this.place).catch(() => {}); // the lease ends by itself
  }

  /** The item is decided: nothing is left to give back. */
  spent() {
    this.held = false;
  }

  #renew() {
    if (this.held && Date.now() - this.#seen < IDLE_MS) this.take();
  }
}
