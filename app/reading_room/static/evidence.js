// What supports and opposes an annotation, over two links at most, fetched when it is asked for.

import { get } from "./api.js";
import { attempt, button, h, say, short } from "./dom.js";

const DEPTH = 2;

/** A place for the evidence of an annotation: a button at first, then the answer. */
export function evidenceOf(one) {
  const place = h("section", { "aria-label": "Evidence", "aria-live": "polite" });
  const ask = () =>
    attempt(async () => {
      const found = await get(`/annotations/${one.id}/evidence`, { depth: DEPTH });
      place.replaceChildren(h("h3", {}, "Evidence"), h("p", {}, summary(found)), list(found));
    });
  place.append(button("What supports it, what opposes it?", ask));
  return place;
}

function summary(found) {
  const { independent_support: support, independent_opposition: opposition } = found;
  return [
    `Independent sources: ${support} for it, ${opposition} against it`,
    found.disputed ? `; disputed: ${found.disputed}` : "",
    found.complete && !found.next ? "." : ". There is more than is shown.",
  ].join("");
}

const list = (found) => h("ol", { class: "lines" }, found.items.map(line));

function line(item) {
  const said = item.sources.map((source) => source.name).join(", ");
  const known = [
    item.article.publisher ?? item.article.title,
    said && `as said by ${said}`,
    item.hops > 1 && `over ${item.hops} links`,
    item.contested && item.stance !== "disputed" && "contested",
    item.independent ? null : `not independent: same ${item.shares.map(shared).join(", ")}`,
  ].filter(Boolean);
  return h(
    "li",
    { class: `link ${item.stance === "supports" ? "corroborates" : "contradicts"}` },
    h("p", { class: "relation" }, item.stance),
    h(
      "a",
      { href: `#/articles/${item.article.id}/${item.annotation.id}` },
      h("q", {}, short(item.annotation.exact, 120)),
    ),
    h("p", { class: "quiet" }, known.join(" · ")),
  );
}

const shared = (word) => (word === "same_origin" ? "origin" : say(word));
