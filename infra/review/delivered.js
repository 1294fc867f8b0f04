/** What is delivered of an asset: files to download, and whether they still say how they were made. */

import { bytes } from "./asset_words.js";
import { button, el } from "./dom.js";

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
  unsigned: ["Not signed", "unknown"],
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
      el("span", { class: "checked" }),
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
    const answer = await verify();
    said.textContent = answer.words ?? "";
    for (const file of answer.files ?? []) put(list, file);
  } catch (problem) {
    said.textContent = problem.status === 404 ? "This deployment cannot verify files: it signs none." : problem.message;
  } finally {
    check.disabled = false;
  }
}

function put(list, { name, state, words }) {
  const place = list.querySelector(`[data-file="${CSS.escape(name)}"] .checked`);
  const [verdict, level] = VERDICTS[state] ?? [state, "unknown"];
  place?.replaceChildren(
    el("span", { class: `tag ${level}` }, verdict),
    words ? el("span", { class: "quiet" }, ` ${words}`) : "",
  );
}
