/** What a refusal by the API means, in words with names and times. */

import { clock } from "./words.js";

/** `item` is the review as it stands now. */
export function conflictWords(item, problem) {
  const words = { approve: "approved", reject: "rejected", redo: "sent back" };
  if (problem.code === "claimed" && item.claimed_by)
    return `Claimed by ${item.claimed_by} until ${clock(item.claimed_until)}. Skip it, or wait.`;
  if (problem.code === "decided" && item.verdict)
    return `Decided meanwhile: ${item.verdict.who} ${words[item.verdict.verdict] ?? "decided"} it.`;
  if (problem.code === "same_person") return "You approved this before. A second person has to agree.";
  return problem.message;
}
