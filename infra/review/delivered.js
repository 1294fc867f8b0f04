/** What is delivered of an asset: files to download, and whether they still say how they were made. */

import { bytes } from "./asset_words.js";
import { button, el, prose } from "./dom.js";
import { count } from "./words.js";

const TYPES = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/webp": "WebP",
  "image/avif": "AVIF",
  "image/tiff": "TIFF",
};
const VERDICTS = {
  intact: ["Intact", "good"],
  tampered: ["Tampered with", "poor"],
  not_signed: ["Not signed", "unknown"],
  unknown_signer: ["Signed by an unknown party", "fair"],
};

/** The section, or `null` where nothing is delivered. `verify()` asks the API. */
export function delivered({ files }, { open, verify }) {
  if (!files.length) return null;
  const rows = files.map((file) =>
    el(
      "li",
      { "data-file": file.name },
      link(file, open),
      el("span", { class: "quiet" }, facts(file)),
      el("div", { class: "checked" }),
    ),
  );
  const list = el("ul", { class: "files" }, ...rows);
  const said = el("p", { class: "said", "aria-live": "polite" });
  const check = button("Verify", {
    key: "V",
    class: "outlined verify",
    onclick: () => checked(check, list, said, verify),
  });
  return el(
    "section",
    { class: "delivered", "aria-label": "Delivered files" },
    el("div", { class: "section-head" }, el("h2", {}, "Delivered"), check),
    list,
    said,
  );
}

function link(file, open) {
  const find = (life) => life.files.find(({ name }) => name === file.name)?.link;
  const attributes = {
    href: file.link,
    target: "_blank",
    rel: "noopener noreferrer",
    onclick: (event) => open(event, find),
  };
  return el("a", attributes, file.name);
}

function facts({ width, height, media_type: type, size_bytes: size, dpi, quality, ssim, icc, credentials }) {
  return [
    `${width} × ${height}`,
    TYPES[type] ?? type,
    bytes(size),
    dpi && `${Math.round(dpi)} dpi`,
    quality && `quality ${quality}`,
    ssim && `SSIM ${ssim.toFixed(3)}`,
    icc,
    credentials && "Content Credentials",
  ]
    .filter(Boolean)
    .join(" · ");
}

async function checked(check, list, said, verify) {
  check.disabled = true;
  said.textContent = "Reading the files …";
  try {
    const { files, signs } = await verify();
    for (const file of files) put(list, file);
    said.textContent = signs ? wordsOf(files) : "This deployment signs nothing that it delivers.";
  } catch (problem) {
    said.textContent = problem.status === 404 ? "This deployment cannot verify files." : problem.message;
  } finally {
    check.disabled = false;
  }
}

function wordsOf(files) {
  const odd = files.filter(({ standing }) => standing !== "intact").length;
  if (!odd) return files.length === 1 ? "The file is intact." : `All ${files.length} files are intact.`;
  return `${odd} of ${count(files.length, "file")} ${odd === 1 ? "is" : "are"} not as signed here.`;
}

/** What a file says of itself, below it: the verdict, and who did what, folded away. */
function put(list, { name, standing, sentence, trail = [] }) {
  const place = list.querySelector(`[data-file="${CSS.escape(name)}"] .checked`);
  const [verdict, level] = VERDICTS[standing] ?? ["Not looked at", "unknown"];
  const told = trail.map((line) => el("li", {}, ...prose(line)));
  place?.replaceChildren(
    el("span", { class: `tag ${level}` }, verdict),
    el("p", { class: "quiet" }, ...prose(sentence)),
    told.length > 0
      ? el("details", { "data-keep": `trail-${name}` }, el("summary", {}, "What it says"), el("ul", {}, ...told))
      : "",
  );
}
