/** The painter's tool bar and its keys. */

import { button, el } from "./dom.js";

const SIZE_STEP = 0.08;

/** The bar; call `refresh` when the painter has changed. */
export function paintTools(painter) {
  const tool = (name, label, key) =>
    button(label, { key, class: "tool", onclick: () => painter.choose(name), "data-tool": name });
  const tools = [
    tool("brush", "Brush", "B"),
    tool("eraser", "Eraser", "E"),
    tool("box", "Box", "O"),
    tool("hand", "Hand", "H"),
  ];
  const size = el("input", {
    type: "range",
    min: "0",
    max: "1",
    step: "0.01",
    "aria-label": "Size of the brush",
    oninput: () => (painter.size = size.valueAsNumber),
  });
  const width = el("output", { class: "zoom" });
  const undo = button("Undo", { key: "Z", class: "tool", onclick: () => painter.undo() });
  const again = button("Again", { key: "Y", class: "tool", onclick: () => painter.again() });
  const clear = button("Clear", { key: "X", class: "tool", onclick: () => painter.clear() });
  const refresh = () => {
    for (const made of tools) made.setAttribute("aria-pressed", String(made.dataset.tool === painter.tool));
    size.value = String(painter.size);
    width.textContent = `${Math.round(painter.radius * 2)} px`;
    undo.disabled = !painter.drawn.undoable;
    again.disabled = !painter.drawn.redoable;
  };
  const group = (...made) => el("div", { class: "tools" }, ...made);
  const node = el(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Painting" },
    group(...tools),
    el("div", { class: "slide" }, el("span", { "aria-hidden": "true" }, "Size"), size, width),
    group(undo, again, clear),
  );
  return { node, refresh };
}

/** Keys while the picture is there to be painted on; arrows move the slider where a trial is shown instead. */
export function paintKeys(painter, painting, slide) {
  const key = (keys, words, run, { elsewhere, ...more } = {}) => ({
    keys,
    words,
    run: () => (painting() ? run() : elsewhere?.()),
    ...more,
  });
  const arrow = (name, right, down) => [
    key([name], name === "ArrowLeft" ? "Move the brush (all arrows)" : null, () => painter.move(right, down), {
      repeats: true,
      elsewhere: () => slide(right),
    }),
    key([`Shift+${name}`], name === "ArrowLeft" ? "Move it far" : null, () => painter.move(right * 5, down * 5), {
      repeats: true,
    }),
  ];
  return [
    key(["b"], "Brush", () => painter.choose("brush")),
    key(["e"], "Eraser", () => painter.choose("eraser")),
    key(["o"], "Box around an object", () => painter.choose("box")),
    key(["h"], "Hand: move the picture", () => painter.choose("hand")),
    key(["["], "Smaller brush", () => (painter.size -= SIZE_STEP), { repeats: true }),
    key(["]"], "Larger brush", () => (painter.size += SIZE_STEP), { repeats: true }),
    key([" "], "Begin or end a stroke", () => painter.press()),
    key(["z"], "Undo", () => painter.undo(), { repeats: true }),
    key(["y", "Shift+z"], "Do again", () => painter.again(), { repeats: true }),
    key(["x"], "Clear the mask", () => painter.clear()),
    key(["0"], "Whole picture", () => painter.viewer.fit()),
    key(["+", "="], "Zoom in", () => painter.viewer.step(1), { repeats: true }),
    key(["-"], "Zoom out", () => painter.viewer.step(-1), { repeats: true }),
    ...arrow("ArrowLeft", -1, 0),
    ...arrow("ArrowRight", 1, 0),
    ...arrow("ArrowUp", 0, -1),
    ...arrow("ArrowDown", 0, 1),
  ];
}
