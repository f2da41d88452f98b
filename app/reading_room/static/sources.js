// Who said what: the sources of a project, and the statements of one over all articles.

import { get } from "./api.js";
import { field, h, input, sending } from "./dom.js";
import { listed } from "./lists.js";
import { titlesOf } from "./titles.js";

export async function sourcesView(me, slug) {
  const project = await get(`/projects/${slug}`);
  const place = h("div", { "aria-live": "polite" });
  const form = h(
    "form",
    { class: "search", role: "search" },
    field("Search by name", input("q", { type: "search", maxlength: 200 })),
    h("button", {}, "Search"),
  );
  const found = (q) =>
    listed(
      `/projects/${project.id}/sources`,
      { q },
      sourceLine,
      q ? `No source is called “${q}”.` : "No source is named in any attribution yet.",
    );
  sending(form, async (given) => place.replaceChildren(await found(given.q)));
  place.append(await found());
  return {
    title: "Who said what",
    trail: [
      ["#/", "Projects"],
      [`#/projects/${slug}`, project.name],
    ],
    element: h("section", {}, h("h1", {}, "Who said what"), form, place),
  };
}

const sourceLine = (source) =>
  h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: `#/sources/${source.id}` }, source.name)),
    h(
      "p",
      { class: "quiet" },
      [source.type, source.aliases.length ? `also ${source.aliases.join(", ")}` : null]
        .filter(Boolean)
        .join(" · "),
    ),
  );

export async function sourceView(me, id) {
  const source = await get(`/sources/${id}`);
  const project = await get(`/projects/${source.project_id}`);
  const line = async (statement) => {
    const titles = await titlesOf(project.id, [statement.article_id]);
    const content = statement.parts?.content ?? [];
    const words = content.length
      ? content.map((piece) => piece.exact).join(" … ")
      : statement.target.exact;
    const { quotation, act } = statement.attributes;
    return h(
      "li",
      { class: "card" },
      h("blockquote", {}, words),
      h(
        "p",
        {},
        h(
          "a",
          { href: `#/articles/${statement.article_id}/${statement.id}` },
          titles.get(statement.article_id) ?? "In its article",
        ),
      ),
      h(
        "p",
        { class: "quiet" },
        [quotation, act, `tagged by ${statement.author.name}`].filter(Boolean).join(" · "),
      ),
    );
  };
  const list = await listed(
    `/sources/${id}/statements`,
    {},
    line,
    "Nothing that you may see is attributed to this source.",
  );
  const names = source.aliases.length
    ? h("p", { class: "quiet" }, `Also called ${source.aliases.join(", ")}`)
    : null;
  const trail = [
    ["#/", "Projects"],
    [`#/projects/${project.slug}`, project.name],
    [`#/projects/${project.slug}/sources`, "Who said what"],
  ];
  return {
    title: source.name,
    trail,
    element: h(
      "section",
      {},
      h("h1", {}, source.name),
      names,
      h("h2", {}, "What they are reported to have said"),
      list,
    ),
  };
}
