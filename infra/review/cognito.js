/** Cognito's sign-in page: authorization code with PKCE (RFC 7636) and a state against forged answers. */

const PENDING = "cleanplate.sign-in";
const here = () => location.origin + location.pathname;

/** Go to the sign-in page. */
export async function begin(config) {
  const pending = { verifier: random(), state: random(), hash: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
  location.assign(
    `${config.authorize_url}?${new URLSearchParams({
      response_type: "code",
      client_id: config.client_id,
      redirect_uri: here(),
      scope: [config.scopes].flat().join(" "),
      state: pending.state,
      code_challenge: base64url(new Uint8Array(digest)),
      code_challenge_method: "S256",
    })}`,
  );
}

/** Whether the sign-in page has just sent the person back. */
export function returning() {
  const query = new URLSearchParams(location.search);
  return query.has("state") && (query.has("code") || query.has("error"));
}

/** Exchange the code for a token; the address loses the code, and gets back the place that the person came from. */
export async function finish(config) {
  const query = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, "", location.pathname + (pending?.hash ?? ""));
  if (!pending || pending.state !== query.get("state"))
    throw new Error("This sign-in was not begun in this tab. Sign in again.");
  if (query.has("error")) throw new Error(query.get("error_description") ?? query.get("error"));
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: config.client_id,
    redirect_uri: here(),
    code: query.get("code"),
    code_verifier: pending.verifier,
  });
  const answer = await fetch(config.token_url, { method: "POST", body });
  if (!answer.ok) throw new Error("The sign-in could not be completed. Sign in again.");
  const said = await answer.json();
  return { token: said.access_token, expires_in: said.expires_in };
}

/** End the session of the sign-in page too. */
export function leave(config) {
  location.assign(`${config.logout_url}?${new URLSearchParams({ client_id: config.client_id, logout_uri: here() })}`);
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
