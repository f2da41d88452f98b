// The titles of a project's articles, asked for once and again when one is missing.

import { pages } from "./api.js";

const known = new Map();

/** A map from article id to title that has these ids, as far as they can be seen. */
export async function titlesOf(projectId, ids) {
  const missing = new Set(ids.filter((id) => !known.has(id)));
  if (missing.size) {
    const note = (items) => {
      items.forEach((item) => {
        known.set(item.id, item.title);
        missing.delete(item.id);
      });
      return missing.size > 0;
    };
    note(await pages(`/projects/${projectId}/articles`, {}, note));
  }
  return known;
}
