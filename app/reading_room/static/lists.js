// Projects, and the articles of one with a search over their words.

import { get } from "./api.js";
import { button, field, h, input, say, sending, short } from "./dom.js";

export async function projectsView() {
  const list = await listed(
    "/projects",
    {},
    (project) =>
      h(
        "li",
        { class: "card" },
        h("h2", {}, h("a", { href: `#/projects/${project.slug}` }, project.name)),
        project.description ? h("p", {}, short(project.description, 240)) : null,
        h("p", { class: "quiet" }, `You are ${project.role} here`),
      ),
    "You are in no project yet. A manager can make you a member.",
  );
  return { title: "Projects", trail: [], element: h("section", {}, h("h1", {}, "Projects"), list) };
}

export async function articlesView(me, slug) {
  const project = await get(`/projects/${slug}`);
  const place = h("div", { "aria-live": "polite" });
  const q = input("q", { type: "search", maxlength: 200 });
  const form = h(
    "form",
    { class: "search", role: "search" },
    field("Search the articles", q),
    h("button", {}, "Search"),
  );
  sending(form, async (given) => place.replaceChildren(await articles(project, given.q)));
  place.append(await articles(project));
  const element = h(
    "section",
    {},
    h("h1", {}, project.name),
    h("p", { class: "ways" }, h("a", { href: `#/projects/${slug}/sources` }, "Who said what")),
    form,
    place,
  );
  return { title: project.name, trail: [["#/", "Projects"]], element };
}

async function articles(project, q) {
  const nothing = q ? `No article has “${q}”.` : "There are no articles yet.";
  return listed(`/projects/${project.id}/articles`, { q }, articleLine, nothing);
}

function articleLine(article) {
  const { publisher, author, published_on: on } = article.source;
  return h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: `#/articles/${article.id}` }, article.title)),
    h(
      "p",
      { class: "quiet" },
      [
        publisher,
        author,
        on,
        `${article.length.codepoints.toLocaleString()} characters`,
        article.language,
        say(article.state),
      ]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}

/** A list that grows by a page at a time; `line(item)` makes one line of it. */
export async function listed(path, query, line, nothing) {
  const items = h("ul", { class: "cards" });
  const more = h("p");
  const list = h("div", {}, items, more);
  async function add(after) {
    const page = await get(path, { ...query, after });
    items.append(...(await Promise.all(page.items.map(line))));
    more.replaceChildren(
      page.next ? button("More", () => add(page.next)) : items.children.length ? "" : nothing,
    );
  }
  await add();
  return list;
}
