/** Where the reviewer is, in the address after `#`: `#/?rule=guard-text` is the queue, `#/ASSET/RUN` one review. */

/** Read the address. Anything else than a review is the queue. */
export function place(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [asset_id, run_id] = path.split("/").map(decodeURIComponent);
  if (asset_id && run_id) return { view: "item", asset_id, run_id };
  return { view: "queue", filters: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a review. */
export function itemHash({ asset_id, run_id }) {
  return `#/${encodeURIComponent(asset_id)}/${encodeURIComponent(run_id)}`;
}

/** The address of the queue with some filters. */
export function queueHash(filters = {}) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return query.size ? `#/?${query}` : "#/";
}

/** Go there. Going to where one is already shows it anew. */
export function go(hash) {
  if (location.hash === hash) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = hash;
}
