/** The edited areas at native size, laid over the overview once it is enlarged beyond what it holds. */

import { el } from "./dom.js";

/**
 * `full` is the width of the whole picture at the size of the parts: an overview that holds as much needs none.
 * Returns a function to call when the view has changed: it loads the details that have come into sight, each once. So a
 * picture of 60 megapixels costs its overview, and then only what somebody looks at.
 */
export function details(layer, overview, { parts = [], full }, { width, height }, failed) {
  const waiting = new Set(parts);
  return function load(viewer) {
    const { naturalWidth: held } = overview;
    if (!waiting.size || !held || held >= full || viewer.share * width <= held * 1.02) return;
    for (const part of waiting) {
      const { view } = part;
      if (!viewer.sees(view)) continue;
      waiting.delete(part);
      const picture = el("img", {
        class: "detail",
        src: part.url,
        alt: "",
        draggable: "false",
        decoding: "async",
        onerror: failed,
      });
      picture.style.left = `${(view.x / width) * 100}%`;
      picture.style.top = `${(view.y / height) * 100}%`;
      picture.style.width = `${(view.width / width) * 100}%`;
      picture.style.height = `${(view.height / height) * 100}%`;
      layer.append(picture);
    }
  };
}
