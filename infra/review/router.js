/**
 * Where somebody is, in the address after `#`: `#/?rule=guard-text` is the queue, `#/ASSET/RUN` one review,
 * `#/assets?folder=trip/` a list of assets, `#/assets/ASSET` the page of one.
 */

/** Read the address. Anything that it does not know is the queue. */
export function place(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [asset_id, run_id] = path.split("/").map(decodeURIComponent);
  const filters = Object.fromEntries(new URLSearchParams(query));
  if (asset_id === "assets") return run_id ? { view: "asset", asset_id: run_id } : { view: "assets", filters };
  if (asset_id && run_id) return { view: "item", asset_id, run_id };
  return { view: "queue", filters };
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

/** The address of an asset's page. */
export function assetHash(asset_id) {
  return `#/assets/${encodeURIComponent(asset_id)}`;
}

/** The address of a list of assets. */
export function assetsHash(filters = {}) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return query.size ? `#/assets?${query}` : "#/assets";
}

/** Go there. Going to where one is already shows it anew. */
export function go(hash) {
  if (location.hash === hash) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = hash;
}
