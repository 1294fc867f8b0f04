/** What the four buttons do, and where they lead. */

import { conflictWords } from "./conflicts.js";
import { say, warn } from "./messages.js";
import { openRedo } from "./redo.js";
import { go, itemHash, queueHash } from "./router.js";
import { askRejection } from "./verdict.js";

/** The actions of an item's view. While one is under way, no other is begun. */
export function decide(view) {
  const { page, place, claim } = view;
  const once = (run) => async () => {
    if (view.busy) return;
    view.busy = true;
    view.actions.setAttribute("aria-busy", "true");
    try {
      await run();
    } catch (problem) {
      await conflict(view, problem);
    } finally {
      view.busy = false;
      view.actions.removeAttribute("aria-busy");
    }
  };

  async function post(verdict, done) {
    const answer = await page.api.verdict(place, verdict);
    await onward(
      view,
      answer.state === "needs_second" ? "Noted. A second person has to agree before it is delivered." : done,
    );
  }

  return {
    approve: once(() => post({ verdict: "approve" }, "Approved. It is being delivered.")),
    reject: once(async () => {
      const said = await askRejection(view.item);
      if (said)
        await post(
          said,
          said.deliver === "original" ? "Rejected. The original is delivered." : "Rejected. Nothing is delivered.",
        );
    }),
    redo: once(async () => {
      const begun = await openRedo(view);
      if (begun) await onward(view, "A new attempt has begun. It comes back here as a review of its own.");
    }),
    skip: once(async () => {
      page.lineup.skip(place);
      await next(view, "Skipped.");
    }),
  };
}

async function onward(view, words) {
  view.claim.spent();
  view.page.lineup.finish(view.place);
  await next(view, words);
}

async function next({ page, place }, words) {
  const item = await page.lineup.after(place);
  const told = item ? words : `${words} That was the last one that you can decide now.`;
  addEventListener("hashchange", () => setTimeout(() => say(told)), { once: true }); // the new view takes old messages away first
  go(item ? itemHash(item) : queueHash(page.lineup.filters));
}

async function conflict(view, problem) {
  if (problem.status !== 409) return warn(problem.message);
  await view.refresh();
  if (problem.code === "decided") view.page.lineup.finish(view.place, { here: false });
  return warn(conflictWords(view.item, problem));
}
