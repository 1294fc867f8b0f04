/** Who is signed in: a bearer token in this tab's session storage, never a cookie, so that no other site can use it. */

import * as cognito from "./cognito.js";

const KEY = "cleanplate.token";

/** How people sign in here: `config.json` beside this page. */
export async function configuration() {
  const answer = await fetch("config.json", { cache: "no-store" });
  if (!answer.ok) throw new Error(`The page's settings cannot be read (${answer.status}).`);
  return answer.json();
}

/** The token of this tab, or the one that the sign-in page has just sent a code for; `null` if there is none. */
export async function token(config) {
  if (config.sign_in === "cognito" && cognito.returning()) keep(await cognito.finish(config));
  const saved = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return saved && saved.until > Date.now() ? saved.token : null;
}

/** Sign in by name and roles. Only a local stack answers this. */
export async function developerLogin(config, name, roles) {
  const body = JSON.stringify({ name, roles });
  const answer = await fetch(config.login, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail ?? `The developer login answered ${answer.status}.`);
  keep(said);
}

/** Forget the token; on AWS, end the sign-in page's own session as well if asked to. */
export function signOut(config, { everywhere = false } = {}) {
  sessionStorage.removeItem(KEY);
  if (everywhere && config.sign_in === "cognito") cognito.leave(config);
}

function keep({ token: value, expires_in: seconds }) {
  sessionStorage.setItem(KEY, JSON.stringify({ token: value, until: Date.now() + seconds * 1000 }));
}
