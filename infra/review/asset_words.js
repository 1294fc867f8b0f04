/** Stages, deeds, standings and sizes in words. */

const STAGES = {
  inspect: "Inspected",
  mask: "Mask",
  preview: "Preview",
  generate: "Scene made",
  inpaint: "Filled",
  refine: "Finished",
  assess: "Measured",
  judge: "Judged",
  upscale: "Enlarged",
  "assess-upscaled": "Enlargement measured",
  route: "Decided",
  render: "Files made",
  deliver: "Delivered",
  score: "Scored",
  guard: "Looked for what must stay",
};
const STATUSES = {
  QUEUED: ["Queued", "unknown"],
  RUNNING: ["Under way", "unknown"],
  DELIVERED: ["Delivered", "good"],
  AWAITING_REVIEW: ["Waits for a person", "fair"],
  QUARANTINED: ["Quarantined", "poor"],
  FAILED: ["Failed", "poor"],
  SUPERSEDED: ["Overtaken", "unknown"],
  REJECTED: ["Rejected", "poor"],
  HELD: ["Held", "unknown"],
  CANCELLED: ["Cancelled", "unknown"],
  WITHDRAWN: ["Withdrawn", "poor"],
  ERASED: ["Erased", "unknown"],
};
const DEEDS = {
  opened: "asked a person",
  claimed: "took it up",
  released: "gave it back",
  approved: "approved it",
  "approved-first": "approved it, as the first of two",
  rejected: "rejected it",
  redone: "sent it back to be made anew",
  tried: "tried other settings",
  reminded: "reminded people of it",
  overdue: "put it before all others",
  expired: "closed it: nobody had decided",
  superseded: "closed it: something newer took its place",
  withdrawn: "withdrew it",
  erased: "erased it",
};

const COPIES = {
  copied: "Copied into a second bucket",
  removed: "Taken out of the second bucket",
  failed: "Could not be copied into the second bucket",
};

/** What became of the copy in a second bucket. */
export const copyWords = (state) => COPIES[state] ?? spaced(state);

/** All standings, for filters: `[value, words]`. */
export const STANDINGS = Object.entries(STATUSES).map(([value, [words]]) => [value, words]);

/** A stage as what it did. */
export const stageWords = (stage) => STAGES[stage] ?? spaced(stage);

/** A standing in words, and how good that is. */
export const statusWords = (status) => STATUSES[status] ?? [spaced(status), "unknown"];

/** A deed as the rest of a sentence that begins with a name. */
export const deedWords = (deed) => DEEDS[deed] ?? spaced(deed).toLowerCase();

/** A field's name as a label: "model_seconds" is "Model seconds". */
export const spaced = (name) => {
  const words = name.replaceAll(/[-_]/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A size: "12 kB", "3.4 MB". */
export function bytes(number) {
  if (number < 1000) return `${number} bytes`;
  const [amount, unit] = number < 1e6 ? [number / 1e3, "kB"] : [number / 1e6, "MB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

/** Millions of pixels: "0.04 MP", "12.2 MP". */
export const megapixels = ({ width, height }) => {
  const millions = (width * height) / 1e6;
  return `${millions.toFixed(millions < 1 ? 2 : 1)} MP`;
};

/** A span: "0.4 s", "12 s", "3 min". */
export function span(seconds) {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** What the models took; nothing where nobody was asked. */
export function costWords({ dollars, seconds, instance }) {
  if (!seconds) return null;
  const time = `${span(seconds)} of models on ${instance === "local" ? "this machine" : instance}`;
  if (dollars === 0) return time;
  return `${dollars === null || dollars === undefined ? "price unknown" : `$${dollars.toFixed(4)}`} for ${time}`;
}
