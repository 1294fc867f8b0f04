/** A quick preview of a redo, beside the present result. It changes nothing of the asset. */

import { Compare } from "./compare.js";
import { button, el } from "./dom.js";

const POLL_MS = 1500;

export class Trial {
  /** `show(true)` puts `nodes` in place of the painter. */
  constructor(api, place, item, { signal, say, show }) {
    Object.assign(this, { api, place, item, signal, say, show, nodes: [] });
  }

  /** Move the slider between now and the trial. */
  slide(step) {
    this.compare?.slide(step * 4);
  }

  /** Begin one and wait for it. */
  async run(changes) {
    this.say("Trying …");
    const { run_id: run } = await this.api.tryOut(this.place, changes);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (this.signal.aborted) return;
      const { state, reason, proofs } = await this.api.trial(this.place, run);
      if (state === "failed") return this.say(`The trial failed: ${reason ?? "no reason was given."}`);
      if (state === "done" && proofs) return this.#result(proofs, reason);
    }
  }

  #result(proofs, reason) {
    this.say(`The trial is done. ${reason ? `A rule objects: ${reason}` : "No rule objects."}`);
    const compare = new Compare(this.item.proofs ?? proofs, {
      signal: this.signal,
      failed: () => this.say("A picture of the trial did not load. Try again."),
    });
    this.compare = compare;
    const parts = (of) => of.areas.map(({ view, after }) => ({ view, url: after }));
    const now = this.item.proofs;
    if (now) {
      compare.show({
        first: { label: "Now", alt: "The present result", url: now.after, parts: parts(now), full: now.after_width },
        second: {
          label: "Trial",
          alt: "The result of the trial",
          url: proofs.after,
          parts: parts(proofs),
          full: proofs.after_width,
        },
      });
    }
    const back = button("Back to painting", { class: "outlined", onclick: () => this.show(false) });
    this.nodes = [
      compare.frame,
      el(
        "div",
        { class: "toolbar" },
        el(
          "div",
          { class: "slide" },
          el("span", { "aria-hidden": "true" }, "Now"),
          compare.range,
          el("span", { "aria-hidden": "true" }, "Trial"),
        ),
        back,
      ),
    ];
    this.show(true);
    const [area] = proofs.areas;
    if (area) compare.aim(area.edited.x + area.edited.width / 2);
    compare.open();
  }
}
