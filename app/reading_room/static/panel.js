// The panel: the list of what is tagged, or one annotation with all that is known of it.

import { remove } from "./api.js";
import { button, day, h, say, short } from "./dom.js";
import { editForm, reviewButtons } from "./editing.js";
import { evidenceOf } from "./evidence.js";
import { linking } from "./linking.js";
import { lostPlaces, placeInDoubt } from "./places.js";
import { titlesOf } from "./titles.js";
import { mayDelete, mayEdit, told, SIGNS } from "./words.js";

export function listOf(desk) {
  const lines = desk.visible().map((one) =>
    h(
      "li",
      {},
      button(
        [
          h("span", { class: `mark ${one.kind}` }, one.kind),
          " ",
          short(one.target.exact, 80),
          signs(one.links),
        ],
        () => {
          desk.pick(one.id);
          desk.reveal();
          desk.panel.focus({ preventScroll: true });
        },
        { class: "line" },
      ),
    ),
  );
  return h(
    "div",
    {},
    h("h2", {}, `${lines.length} of ${desk.annotations.size} annotations`),
    lines.length
      ? h("ol", { class: "lines" }, lines)
      : h(
          "p",
          {},
          desk.annotations.size
            ? "None passes the filters."
            : "Nothing is tagged yet. Select some words, then tag them.",
        ),
    lostPlaces(desk),
  );
}

const signs = (links) =>
  Object.entries(SIGNS)
    .filter(([relation]) => links[relation])
    .map(([relation, sign]) =>
      h(
        "span",
        { class: `sign ${relation}`, title: `${relation}: ${links[relation]}` },
        ` ${sign}${links[relation]}`,
      ),
    );

export function detailOf(desk, one) {
  const { person } = desk;
  const facts = Object.entries(one.attributes).map(([name, value]) => [
    say(name),
    told(name, value),
  ]);
  const parts = Object.entries(one.parts ?? {})
    .filter(([, pieces]) => pieces.length)
    .map(([name, pieces]) => [
      `${name} in the text`,
      pieces.map((piece) => piece.exact).join(" … "),
    ]);
  const rest = [
    ["tags", one.tags.length ? one.tags.map((tag) => h("span", { class: "tag" }, tag)) : null],
    ["note", one.note],
    ["confidence", one.confidence],
    ["reported by", reporter(desk, one)],
    [
      "origin",
      one.origin === "human"
        ? null
        : [one.origin, one.score].filter((part) => part !== null).join(", score "),
    ],
    ["author", `${one.author.name}, ${day(one.updated_at)}`],
  ].filter(([, value]) => value);
  return h(
    "div",
    { class: "detail" },
    h(
      "div",
      { class: "row" },
      button(
        "← All",
        () => {
          desk.pick(null);
          desk.panel.focus({ preventScroll: true });
        },
        { "aria-label": "Back to all annotations" },
      ),
      h("span", { class: `mark ${one.kind}` }, one.kind),
      h("span", { class: `state ${one.state}` }, one.state),
      one.layer === "adjudicated" ? h("span", { class: "state" }, "adjudicated") : null,
    ),
    h(
      "blockquote",
      { class: one.kind },
      (one.target.fragments ?? [one.target]).map((piece) => piece.exact).join(" … "),
    ),
    placeInDoubt(desk, one),
    h(
      "dl",
      {},
      [...facts, ...parts, ...rest].map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, value)),
      ),
    ),
    h(
      "div",
      { class: "row" },
      mayEdit(one, person) ? button("Edit", () => desk.open(editForm(desk, one))) : null,
      person.rank >= 1
        ? button("Link…", () => {
            linking.begin(one, desk);
            desk.draw();
            desk.fill();
          })
        : null,
      mayDelete(one, person)
        ? button(
            "Delete",
            () =>
              confirm("Delete this annotation and its links?") &&
              desk.change(() => remove(`/annotations/${one.id}`, one.version), null),
            { class: "danger" },
          )
        : null,
    ),
    reviewButtons(desk, one, `/annotations/${one.id}`),
    linksOf(desk, one),
    evidenceOf(one),
  );
}

function reporter(desk, one) {
  if (!one.reported_by) return null;
  const by = desk.annotations.get(one.reported_by);
  const names = (by?.attributes.sources ?? []).map((source) => source.name).join(", ");
  return button(
    names || short(desk.quote(one.reported_by), 60),
    () => {
      desk.pick(one.reported_by);
      desk.reveal();
    },
    { class: "as-link" },
  );
}

function linksOf(desk, one) {
  const links = desk.article.links.filter((link) => link.from === one.id || link.to === one.id);
  const place = h(
    "section",
    { "aria-label": "Links" },
    h("h3", {}, links.length ? "Links" : "No links yet"),
  );
  for (const relation of Object.keys(SIGNS))
    place.append(
      ...links
        .filter((link) => link.relation === relation)
        .map((link) => linkCard(desk, one, link)),
    );
  return place;
}

function linkCard(desk, one, link) {
  const other = link.from === one.id ? "to" : "from";
  const end = link.ends[other];
  const title = h("span", {}, link.cross_article ? "another article" : "this article");
  if (link.cross_article)
    titlesOf(desk.project.id, [end.article_id]).then(
      (titles) => {
        title.textContent = titles.get(end.article_id) ?? "another article";
      },
      () => {},
    );
  const known = [
    link.basis && `on ${say(link.basis)}`,
    link.independence && say(link.independence),
    link.confidence && `${link.confidence} confidence`,
    link.state,
    link.author.name,
  ].filter(Boolean);
  return h(
    "div",
    { class: `link ${link.relation}` },
    h(
      "p",
      { class: "relation" },
      h("span", { "aria-hidden": "true" }, `${SIGNS[link.relation]} `),
      link.relation,
    ),
    h(
      "a",
      { href: `#/articles/${end.article_id}/${link[other]}` },
      h("q", {}, short(end.exact, 160)),
    ),
    h("p", { class: "quiet" }, `${end.kind} in `, title),
    link.rationale ? h("p", {}, link.rationale) : null,
    h("p", { class: "quiet" }, known.join(" · ")),
    mayDelete(link, desk.person)
      ? button(
          "Delete link",
          () =>
            confirm("Delete this link?") &&
            desk.change(() => remove(`/links/${link.id}`, link.version)),
          { class: "danger" },
        )
      : null,
    reviewButtons(desk, link, `/links/${link.id}`),
  );
}
