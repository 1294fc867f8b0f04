/** The tool bar of the light table, and the keys that do the same. */

import { button, el } from "./dom.js";

const SLIDE = 4; // percent a key press
const PAN = 0.15; // of the frame

/** The tools in groups; call `refresh` when something was switched. */
export function viewTools(table) {
  const tool = (label, key, run, more = {}) => button(label, { key, class: "tool", onclick: run, ...more });
  const flicker = tool("Flicker", "F", () => table.flicker());
  const hold = tool("Before", "B", null, { title: "Hold to see the picture before" });
  hold.addEventListener("pointerdown", () => table.compare.hold(true));
  for (const name of ["pointerup", "pointercancel", "pointerleave"])
    hold.addEventListener(name, () => table.compare.hold(false));
  const layers = {
    heat: tool("Heat", "H", () => table.toggle("heat")),
    mask: tool("Mask", "M", () => table.toggle("mask")),
    boxes: tool("Flags", "L", () => table.toggle("boxes")),
  };
  const both = tool("Side by side", "V", () => table.both());
  const earlier = tool("Earlier attempt", "E", () => table.earlier());
  const zoom = [
    table.place,
    tool("Fit", "0", () => table.compare.viewer.fit()),
    tool("100 %", "1", () => table.zoom(100)),
    tool("200 %", "2", () => table.zoom(200)),
  ];
  const slider = el("div", { class: "slide" }, table.compare.range);
  const press = (made, on) => made.setAttribute("aria-pressed", String(on));
  const refresh = () => {
    press(flicker, table.compare.flickering);
    press(both, table.panes);
    press(earlier, table.against === "earlier");
    earlier.hidden = !table.item.parent?.proofs;
    both.disabled = !table.item.proofs.areas.length;
    for (const made of [table.compare.range, flicker, hold, earlier])
      made.disabled = table.panes || Boolean(table.compare.single);
    for (const [name, made] of Object.entries(layers)) {
      made.disabled = table.panes || !table.overlays.has(name);
      press(made, !made.disabled && !(table.overlays.layers[name] ?? table.overlays.boxes).hasAttribute("hidden"));
    }
  };
  const group = (...made) => el("div", { class: "tools" }, ...made);
  return {
    refresh,
    zoom: group(...zoom),
    groups: [slider, group(flicker, hold, both, earlier), group(...Object.values(layers))],
  };
}

/** Keys for looking. */
export function viewKeys(table) {
  const { viewer } = table.compare;
  const pan = (key, right, down) => ({
    keys: [`Shift+${key}`],
    words: key === "ArrowLeft" ? "Pan (all arrows with Shift)" : null,
    repeats: true,
    run: () => viewer.nudge(right * PAN, down * PAN),
  });
  return [
    { keys: ["ArrowLeft"], words: "Slider to the left", repeats: true, run: () => table.compare.slide(-SLIDE) },
    { keys: ["ArrowRight"], words: "Slider to the right", repeats: true, run: () => table.compare.slide(SLIDE) },
    { keys: ["f"], words: "Flicker between before and after", run: () => table.flicker() },
    {
      keys: ["b"],
      words: "Hold to see the picture before",
      run: () => table.compare.hold(true),
      up: () => table.compare.hold(false),
    },
    { keys: ["v"], words: "Edited areas side by side", run: () => table.both() },
    { keys: ["e"], words: "Compare with the earlier attempt", run: () => table.earlier() },
    { keys: ["n"], words: "Next edited area", run: () => table.areas.step(1) },
    { keys: ["p"], words: "Previous edited area", run: () => table.areas.step(-1) },
    { keys: ["h"], words: "Heat-map of all differences", run: () => table.toggle("heat") },
    { keys: ["m"], words: "Mask", run: () => table.toggle("mask") },
    { keys: ["l"], words: "Boxes of the flags", run: () => table.toggle("boxes") },
    { keys: ["0"], words: "Whole picture", run: () => viewer.fit() },
    { keys: ["1"], words: "100 %", run: () => table.zoom(100) },
    { keys: ["2"], words: "200 %", run: () => table.zoom(200) },
    { keys: ["+", "="], words: "Zoom in", repeats: true, run: () => viewer.step(1) },
    { keys: ["-"], words: "Zoom out", repeats: true, run: () => viewer.step(-1) },
    pan("ArrowLeft", -1, 0),
    pan("ArrowRight", 1, 0),
    pan("ArrowUp", 0, -1),
    pan("ArrowDown", 0, 1),
  ];
}
