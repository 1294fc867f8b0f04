/** The HTTP API of the deployment that this page belongs to. It lies one folder above the page. */

const BASE = new URL("../", document.baseURI);

/** An answer that is no success, in words for a person. `code` is the API's own; `offline` if there was no answer. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

/** Calls with a bearer token. `onSignedOut` is called when the token is not (or no longer) accepted. */
export class Api {
  constructor(token, onSignedOut) {
    this.token = token;
    this.onSignedOut = onSignedOut;
  }

  me = () => this.#call("GET", "me");
  reviews = (query) => this.#call("GET", `reviews?${new URLSearchParams(query)}`);
  counts = () => this.#call("GET", "reviews/counts");
  item = (place) => this.#call("GET", pathOf(place));
  claim = (place) => this.#call("POST", `${pathOf(place)}/claim`);
  verdict = (place, said) => this.#call("POST", `${pathOf(place)}/verdict`, said);
  redo = (place, changes) => this.#call("POST", `${pathOf(place)}/redo`, changes);
  tryOut = (place, changes) => this.#call("POST", `${pathOf(place)}/trials`, changes);
  trial = (place, run) => this.#call("GET", `${pathOf(place)}/trials/${encodeURIComponent(run)}`);
  trail = (place) => this.#call("GET", `${pathOf(place)}/trail`);
  assets = (query) => this.#call("GET", `assets?${new URLSearchParams(query)}`);
  life = (asset) => this.#call("GET", `assets/${encodeURIComponent(asset)}/life`);
  miniatures = (asset) => this.#call("POST", `assets/${encodeURIComponent(asset)}/miniatures`);
  credentials = (asset) => this.#call("GET", `assets/${encodeURIComponent(asset)}/credentials`);
  recipes = () => this.#call("GET", "recipes");
  approve = (items) => this.#call("POST", "reviews/approve", { items });

  /** Give a claim back. It outlives the page, so that closing a tab frees the item at once. */
  release = (place) => this.#call("DELETE", `${pathOf(place)}/claim`, undefined, { keepalive: true });

  async #call(method, path, body, more = {}) {
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await send(new URL(path, BASE), {
      method,
      headers,
      body: JSON.stringify(body),
      cache: "no-store",
      ...more,
    });
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    const problem = await problemOf(answer);
    if (answer.status === 401) this.onSignedOut();
    throw problem;
  }
}

async function send(url, request) {
  try {
    return await fetch(url, request);
  } catch {
    throw new Problem(0, "offline", "The server cannot be reached. Nothing was changed; try again in a moment.");
  }
}

async function problemOf(answer) {
  const said = await answer.json().catch(() => ({}));
  const detail = said.detail ?? said.message ?? "";
  const words = {
    401: "You are signed out. Sign in again.",
    403: "You may not do this.",
    404: "There is no such thing.",
  };
  const fallback = words[answer.status] ?? `The server answered ${answer.status}.`;
  return new Problem(answer.status, said.code ?? `http_${answer.status}`, detail || fallback);
}

function pathOf({ asset_id, run_id }) {
  return `reviews/${encodeURIComponent(asset_id)}/${encodeURIComponent(run_id)}`;
}
