/** The page for somebody who is not signed in. */

import { begin } from "./cognito.js";
import { el, field } from "./dom.js";
import { developerLogin } from "./session.js";

const ROLES = [
  ["reviewer", "Reviewer", "looks and decides"],
  ["submitter", "Submitter", "uploads, does not review"],
  ["admin", "Admin", "may do everything"],
];

/** Show it; `done` is called when somebody has signed in. */
export function showSignIn(main, config, done, notice = "") {
  const warning = el("p", { class: "warning", role: "alert" }, notice);
  const form = config.sign_in === "developer" ? developer(config, done, warning) : hosted(config, warning);
  main.replaceChildren(
    el(
      "section",
      { class: "sign-in" },
      el("h1", {}, "Review"),
      el(
        "p",
        { class: "lead" },
        "Repaired pictures that the rules would not deliver by themselves wait here for a person to compare, and to approve, reject or send back.",
      ),
      warning,
      form,
    ),
  );
  main.querySelector("input, button")?.focus();
}

function developer(config, done, warning) {
  const name = el("input", {
    name: "name",
    required: true,
    autocomplete: "username",
    maxlength: "60",
    pattern: "[A-Za-z0-9_.@+\\-]+",
    title: "One word: letters, digits, and . @ + - _",
    spellcheck: "false",
  });
  const roles = ROLES.map(([value, label, hint], index) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type: "radio", name: "role", value, checked: index === 0 }),
      el("span", {}, label),
      el("small", {}, hint),
    ),
  );
  const enter = async (event) => {
    event.preventDefault();
    warning.textContent = "";
    try {
      const role = new FormData(event.target).get("role");
      await developerLogin(config, name.value.trim(), [role]);
      await done();
    } catch (problem) {
      warning.textContent = problem.message;
    }
  };
  return el(
    "form",
    { onsubmit: enter },
    field("Your name", name),
    el("fieldset", {}, el("legend", {}, "Sign in as"), el("div", { class: "choices" }, ...roles)),
    el("button", { class: "primary" }, "Sign in"),
    el(
      "p",
      { class: "quiet" },
      "This is the developer login of a stack on this machine. A deployed stack asks its user pool.",
    ),
  );
}

function hosted(config, warning) {
  const go = () => begin(config).catch((problem) => (warning.textContent = problem.message));
  return el("button", { class: "primary", type: "button", onclick: go }, "Sign in");
}
