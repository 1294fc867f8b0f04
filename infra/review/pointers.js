/** What fingers, pens and mice do on the painter: one draws, two (or the hand, or the middle button) move the picture. */

export function pointers(painter, signal) {
  const { frame, viewer } = painter;
  const { panzoom } = viewer;
  const down = new Map();
  let moving = false;

  const move = (event) => {
    if (!moving && painter.live) painter.cancel();
    moving = true;
    for (const held of down.values()) if (held !== event) panzoom.handleDown(held);
    panzoom.handleDown(event);
  };

  frame.addEventListener(
    "pointerdown",
    (event) => {
      frame.focus({ preventScroll: true });
      frame.classList.remove("by-keys");
      if (event.button === 2) return;
      event.preventDefault();
      frame.setPointerCapture(event.pointerId);
      if (painter.tool === "hand" || event.button === 1 || down.size === 1) move(event);
      else if (down.size === 0) painter.begin(viewer.nativeAt(event));
      down.set(event.pointerId, event);
    },
    { signal },
  );

  frame.addEventListener(
    "pointermove",
    (event) => {
      if (moving) return panzoom.handleMove(event);
      if (painter.live && !down.has(event.pointerId)) return undefined; // a stroke by keys is under way
      const steps = down.size && event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const step of steps.length ? steps : [event]) painter.extend(viewer.nativeAt(step));
      return undefined;
    },
    { signal },
  );

  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (moving) panzoom.handleUp(event);
    else if (event.type === "pointercancel") painter.cancel();
    else painter.end();
    if (!down.size) moving = false;
  };
  for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, up, { signal });
}
