/** Rules, findings and times in words. */

const RULES = {
  "guard-text": ["Text", "Lettering may have been altered"],
  "guard-faces": ["Faces", "A face may have been altered"],
  "guard-logos": ["Logos", "A logo may have been altered"],
  "guard-codes": ["Codes", "A code may have been altered"],
  "mask-share": ["Large mask", "Much of the picture was replaced"],
  "nothing-outside-the-mask": ["Outside the mask", "Pixels changed where nothing should change"],
  "confidence-below-threshold": ["Low confidence", "The repair may show"],
  "confidence-unknown": ["Unknown confidence", "Nobody can say how good this repair is"],
  "review-always": ["Every picture", "This recipe shows every picture to a person"],
  "no-mask": ["No mask", "Nothing says what is to be removed"],
  "no-prompt": ["No prompt", "Nothing says what the scene should show"],
  "prompt-not-scored": ["Prompt", "Nobody has measured whether this shows what was asked for"],
  "not-generated": ["Prompt", "The preview does not show what was asked for"],
  "not-measured": ["Not measured", "This edit was not measured"],
  generated: ["Made scene", "This scene was made from words"],
  "max-cost": ["Cost", "This would cost more than the recipe allows"],
  "prompt-agreement": ["Prompt", "The preview may not show what was asked for"],
  "rights-missing": ["Rights", "Nobody has stated the right to remove this mark"],
  "weights-missing": ["Weights missing", "The model for this is not here"],
  "library-missing": ["Library missing", "The model for this cannot run here"],
  "not-permitted": ["Not permitted", "The recipe forbids the model for this"],
  "people-in-picture": ["People", "People are in the picture"],
  redone: ["Made anew", "This was made anew, as somebody asked"],
  "redo-failed": ["Redo failed", "The redo could not be made"],
  audit: ["Random sample", "A sample of what is delivered without asking"],
};
const GUARDS = { text: "Text", faces: "A face", logos: "A logo", codes: "A code" };
const CHANGES = {
  touched: "was touched",
  changed: "reads or looks otherwise",
  invented: "was invented",
  lost: "can no longer be read",
  remains: "is still there",
  unchecked: "could not be looked for",
};
const REASONS = {
  incomplete: "Something was left over",
  "visible-repair": "The repair shows",
  "wrong-place": "The wrong thing was removed",
  invented: "Something was invented",
  text: "Text is wrong",
  face: "A face is wrong",
  logo: "A logo is wrong",
  colour: "Colour or light is off",
  "not-sharp": "Not sharp enough",
  other: "Something else",
};

/** A rule in one or two words, for lists and filters. */
export const ruleName = (rule) => RULES[rule]?.[0] ?? sentence(rule);

/** A rule as a headline. */
export const ruleHeadline = (rule) => RULES[rule]?.[1] ?? sentence(rule);

/** What happened to what: "Text was touched". */
export const findingWords = ({ guard, change }) => `${GUARDS[guard] ?? sentence(guard)} ${CHANGES[change] ?? change}`;

/** A reason for a rejection. */
export const reasonWords = (reason) => REASONS[reason] ?? sentence(reason);

/** "remove-object@3" as what it does: "Remove object". */
export const recipeWords = (recipe) => sentence(recipe.split("@")[0]);

/** A count with its noun: "1 area", "3 areas". */
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** A moment as milliseconds: the API writes leases as seconds since 1970, and all else as ISO 8601. */
export const time = (moment) => (typeof moment === "number" ? moment * 1000 : Date.parse(moment));

/** Whether somebody else holds an item now. */
export const claimedByOther = ({ claimed_by: who, mine, claimed_until: until }) =>
  Boolean(who) && !mine && time(until) > Date.now();

/** How long ago, in one unit: "4 min", "3 h", "12 days". */
export function age(moment, now = Date.now()) {
  const minutes = Math.max(0, (now - time(moment)) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** A moment on the reader's clock; the date only if it is not today. */
export function clock(moment) {
  const at = new Date(time(moment));
  const hours = at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
  return at.toDateString() === new Date().toDateString()
    ? hours
    : `${at.toLocaleDateString("en", { day: "numeric", month: "short" })}, ${hours}`;
}

/** A confidence in words and figures. */
export function confidenceWords(confidence) {
  return confidence === null ? "unknown" : `${Math.round(confidence * 100)} %`;
}

/** Good, fair or poor. Recipes deliver from about 0.8; below an even chance it is poor. */
export function confidenceLevel(confidence) {
  if (confidence === null) return "unknown";
  return confidence >= 0.8 ? "good" : confidence >= 0.5 ? "fair" : "poor";
}

function sentence(words) {
  const spaced = words.replaceAll(/[-_]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
