// What became of places when the article got another text.

import { patch } from "./api.js";
import { button, h, short } from "./dom.js";
import { mayEdit } from "./words.js";

/** That someone should look whether it is where it belongs, with a button to say that it is. */
export function placeInDoubt(desk, one) {
  if (one.anchoring !== "uncertain") return null;
  const path = `/annotations/${one.id}`;
  const settle = () => desk.change(() => patch(path, { anchoring: "sure" }, one.version));
  return h(
    "div",
    { class: "doubt", role: "note" },
    h("p", {}, "The article has another text now. This place in it is the likeliest, not certain."),
    mayEdit(one, desk.person) ? button("It belongs here", settle) : null,
  );
}

/** What has no place in the present text, by the words that it marks in an earlier one. */
export function lostPlaces(desk) {
  const lost = desk.article.orphaned;
  if (!lost.length) return null;
  return h(
    "section",
    { "aria-label": "Without a place" },
    h("h3", {}, `${lost.length} without a place in this text`),
    h(
      "ul",
      { class: "lines" },
      lost.map((one) =>
        h(
          "li",
          {},
          h("span", { class: `mark ${one.kind}` }, one.kind),
          " ",
          h("q", {}, short(one.target.exact, 80)),
          h("span", { class: "quiet" }, ` ${one.author.name}`),
        ),
      ),
    ),
  );
}
