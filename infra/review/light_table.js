/** The pictures with everything that can be laid over them or switched. */

import { Areas } from "./areas.js";
import { Compare } from "./compare.js";
import { el } from "./dom.js";
import * as keys from "./keys.js";
import { Overlays } from "./overlays.js";
import { viewKeys, viewTools } from "./view_tools.js";

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
    this.tools = viewTools(this);
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
    keys.use("Look", viewKeys(this), this.signal);
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
          parts: parent.proofs.areas.map(({ view, after }) => ({ view, url: after })),
          full: parent.proofs.after_width,
        }
      : { label: "Before", alt: `${item.name} before the edit`, url: proofs.before, parts: part("before") };
    const after = {
      label: earlier ? "This attempt" : "After",
      alt: `${item.name} after the edit`,
      url: proofs.after,
      parts: part("after"),
      full: proofs.after_width,
    };
    if (madeNothing(item))
      this.compare.alone({ ...after, label: "As it was uploaded: nothing was made yet", alt: item.name });
    else this.compare.show({ first, second: after });
    this.overlays.pictures(proofs);
    this.overlays.flag(item.findings);
    this.areas.show(proofs);
    this.tools.refresh();
  }

  /** Go to a flag. */
  showFlag(box, index) {
    if (this.panes) this.both();
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

  both() {
    if (!this.areas.areas.length) return;
    const on = !this.panes;
    this.areas.open(on);
    this.compare.frame.hidden = on;
    this.tools.refresh();
    this.#magnification();
  }

  zoom(percent) {
    if (this.panes) this.areas.zoom(percent);
    else this.compare.viewer.native(percent / 100);
    this.#magnification();
  }

  flicker() {
    this.compare.flicker();
    this.tools.refresh();
  }

  toggle(name) {
    if (this.overlays.has(name)) this.overlays.toggle(name);
    this.tools.refresh();
  }

  earlier() {
    if (!this.item.parent?.proofs) return;
    this.against = this.against === "earlier" ? "before" : "earlier";
    this.update(this.item);
  }
}

/** Whether the run made nothing: then both files are the upload. Links differ in their signatures, not in their paths. */
function madeNothing({ files, proofs }) {
  const path = (link) => link?.split("?")[0];
  return !proofs.heat && !proofs.areas.length && (!files.after || path(files.before) === path(files.after));
}
