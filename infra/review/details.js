/** The edited areas at native size, laid over the overview once it is enlarged beyond what it holds. */

import { el } from "./dom.js";

/**
 * Returns a function to call when the view has changed: it loads the details that have come into sight, each once. So a
 * picture of 60 megapixels costs its overview, and then only what somebody looks at.
 */
export function details(layer, overview, parts, { width, height }, failed) {
  const waiting = new Set(parts);
  return function load(viewer, frame) {
    if (!waiting.size || !overview.naturalWidth || viewer.share * width <= overview.naturalWidth * 1.02) return;
    const sheet = layer.getBoundingClientRect();
    const unit = sheet.width / width;
    for (const part of waiting) {
      const { view } = part;
      const left = sheet.left + view.x * unit;
      const top = sheet.top + view.y * unit;
      if (
        left > frame.right ||
        top > frame.bottom ||
        left + view.width * unit < frame.left ||
        top + view.height * unit < frame.top
      )
        continue;
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
