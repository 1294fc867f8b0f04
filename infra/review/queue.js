/** The queue: what waits, why, and since when. */

import { Bulk } from "./bulk.js";
import { button, el } from "./dom.js";
import { filterBar, takeUp } from "./filters.js";
import * as keys from "./keys.js";
import { say } from "./messages.js";
import { row } from "./row.js";
import { go, itemHash, queueHash } from "./router.js";
import { count } from "./words.js";

const COUNT_SECONDS = 60;

/** Show the queue with the filters of the address. */
export async function showQueue(page, { filters }, signal) {
  const { api, lineup, main } = page;
  document.title = "Queue · Cleanplate";
  lineup.reset(filters);
  const list = el("ol", { class: "rows" });
  const bulk = new Bulk(page, list, () => go(queueHash(filters)));
  const title = el("h1", { tabindex: "-1" }, "Waiting");
  const bar = el("div", { class: "filters" });
  const foot = el("div", { class: "more", "aria-live": "polite" });
  const start = button("Start reviewing", { key: "S", class: "primary start", onclick: begin });
  main.replaceChildren(
    el(
      "section",
      { class: "queue", "aria-label": "Queue" },
      el(
        "div",
        { class: "queue-head" },
        el("div", {}, title, el("p", { class: "quiet", id: "order" }, "Those that need a person most come first.")),
        start,
      ),
      bar,
      list,
      foot,
      bulk.bar,
    ),
  );
  title.focus({ preventScroll: true });

  async function refreshCounts() {
    const counts = await api.counts();
    if (signal.aborted) return;
    title.textContent = headline(counts);
    bar.replaceChildren(...filterBar(filters, counts));
    takeUp(bar);
  }

  async function more() {
    foot.replaceChildren(el("p", { class: "quiet" }, "Loading …"));
    const fresh = await lineup.load();
    if (signal.aborted) return;
    list.append(...fresh.map((item) => row(item, { bulk, api })));
    start.disabled = lineup.items.length === 0;
    foot.replaceChildren(ending(lineup, filters, more));
    watch(foot, more, signal);
  }

  async function begin() {
    let next = await lineup.after({});
    if (!next && lineup.left.size) {
      lineup.left.clear(); // all that is left was skipped: begin anew with it
      next = await lineup.after({});
    }
    if (next) go(itemHash(next));
    else say("Everything on this list is claimed by others.");
  }

  keys.use("Queue", shortcuts(list, bulk, begin), signal);
  const timer = setInterval(() => document.hidden || refreshCounts(), COUNT_SECONDS * 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
  await Promise.all([refreshCounts(), more()]);
}

function headline({ open, at_least: atLeast }) {
  if (open === 0) return "Nothing waits for a person";
  const number = atLeast
    ? `${open.toLocaleString("en")} or more pictures wait`
    : `${count(open, "picture")} ${open === 1 ? "waits" : "wait"}`;
  return `${number} for a person`;
}

function ending(lineup, filters, more) {
  if (lineup.more) return button("Show more", { class: "outlined", onclick: more });
  if (lineup.items.length) return el("p", { class: "quiet" }, "That is all.");
  const filtered = Object.keys(filters).length > 0;
  return el(
    "p",
    { class: "empty" },
    filtered
      ? "Nothing that waits fits these filters. "
      : "All done. New items appear here by themselves when somebody uploads pictures.",
    filtered && el("a", { href: "#/" }, "Show everything"),
  );
}

/** Load the next page when its button scrolls into view. */
function watch(foot, more, signal) {
  const next = foot.querySelector("button");
  if (!next) return;
  const observer = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    more();
  });
  observer.observe(next);
  signal.addEventListener("abort", () => observer.disconnect());
}

function shortcuts(list, bulk, begin) {
  const links = () => [...list.querySelectorAll("a.open")];
  const move = (step) => {
    const all = links();
    const at = all.indexOf(document.activeElement?.closest("li")?.querySelector("a.open"));
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.closest("li").scrollIntoView({ block: "nearest" });
  };
  return [
    { keys: ["s"], words: "Start with the first", run: begin },
    { keys: ["ArrowDown", "j"], words: "Next row", repeats: true, run: () => move(1) },
    { keys: ["ArrowUp", "k"], words: "Previous row", repeats: true, run: () => move(-1) },
    { keys: ["Enter"], words: "Open the row", run: () => links()[0]?.click() },
    { keys: ["x"], words: "Select the row", run: () => bulk.toggle(document.activeElement?.closest("li")) },
    { keys: ["Shift+a"], words: "Approve all that are selected", run: () => bulk.approve() },
    { keys: ["/"], words: "To the filters", run: () => document.querySelector(".filters select")?.focus() },
  ];
}
