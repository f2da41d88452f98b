// One article: its text with marks, filters, and the panel with what is picked.

import { get } from "./api.js";
import { attempt, button, choice, h, say } from "./dom.js";
import { detailOf, listOf } from "./panel.js";
import { linking, linkForm } from "./linking.js";
import { tagForm } from "./tagging.js";
import { TextView } from "./textview.js";
import { KINDS, personIn } from "./words.js";

export async function articleView(me, id, picked) {
  const desk = new Desk(me, id);
  await desk.load();
  desk.picked = picked ?? null;
  return {
    title: desk.article.title,
    trail: [
      ["#/", "Projects"],
      [`#/projects/${desk.project.slug}`, desk.project.name],
    ],
    element: desk.build(),
    shown: () => desk.reveal(),
    takes: (hash) => desk.takes(hash),
  };
}

/** Everything about the article that is open. */
class Desk {
  constructor(me, id) {
    this.me = me;
    this.id = id;
    this.filters = { kinds: new Set(KINDS), author: "", tag: "" };
    this.text = new TextView((found) => this.pick(found));
    this.panel = h("aside", { class: "panel", "aria-label": "What is tagged", tabindex: "-1" });
    this.bar = h("div", { class: "bar" });
    this.selected = null;
  }

  async load() {
    this.article = await get(`/articles/${this.id}`, { include: "annotations,links" });
    this.project ??= await get(`/projects/${this.article.project_id}`);
    this.person = personIn(this.me, this.project);
    this.annotations = new Map(
      this.article.annotations.map((annotation) => [annotation.id, annotation]),
    );
  }

  async reload(picked) {
    await this.load();
    this.draw();
    this.pick(picked, false);
  }

  build() {
    const { title, source } = this.article;
    const link = /^https?:\/\//i.test(source.url ?? "")
      ? h("a", { href: source.url, rel: "noreferrer noopener" }, "original")
      : null;
    const lines = [source.publisher, source.author, source.published_on]
      .filter(Boolean)
      .join(" · ");
    this.text.picked = this.picked;
    this.draw();
    this.fill();
    document.onselectionchange = () => this.element?.isConnected && this.selecting();
    this.element = h(
      "div",
      { class: "desk" },
      h(
        "article",
        {},
        h("h1", {}, title),
        h("p", { class: "quiet" }, lines, link ? " · " : null, link),
        this.bar,
        this.text.element,
      ),
      this.panel,
    );
    return this.element;
  }

  /** Whether an address is one of this article; if so the annotation it names is picked. */
  takes(hash) {
    const [, , id, picked] = hash.split("/");
    if (!hash.startsWith("#/articles/") || id !== this.id || !this.element?.isConnected)
      return false;
    this.pick(picked ?? null, false);
    this.reveal();
    return true;
  }

  reveal() {
    this.text.scrollToPicked();
    this.text.revealAbove(this.panel);
  }

  visible() {
    const { kinds, author, tag } = this.filters;
    return [...this.annotations.values()].filter(
      (one) =>
        kinds.has(one.kind) &&
        (!author || one.author.id === author) &&
        (!tag || one.tags.includes(tag)),
    );
  }

  draw() {
    this.text.draw(this.article, this.visible());
    this.bar.replaceChildren(
      this.actions(),
      this.filterBar(),
      this.article.annotations_truncated
        ? h(
            "p",
            { class: "refused" },
            "There are more annotations than fit one page; the first are shown.",
          )
        : "",
    );
  }

  actions() {
    this.tagButton = button("Tag a quote", () => this.tag(), { class: "main", id: "tag" });
    return h(
      "div",
      { class: "row" },
      this.person.rank >= 1 ? this.tagButton : h("span", { class: "quiet" }, "You may read here"),
      linking.banner(() => this.fill()),
    );
  }

  filterBar() {
    const all = [...this.annotations.values()];
    const count = (kind) => all.filter((one) => one.kind === kind).length;
    const kinds = KINDS.map((kind) =>
      h(
        "label",
        { class: `kind ${kind}` },
        h("input", {
          type: "checkbox",
          checked: this.filters.kinds.has(kind),
          onchange: (event) => this.filterKind(kind, event.target.checked),
        }),
        h("span", { class: `mark ${kind}` }, `${kind}s`),
        ` ${count(kind)}`,
      ),
    );
    const authors = [...new Map(all.map((one) => [one.author.id, one.author.name]))];
    const tags = [...new Set(all.flatMap((one) => one.tags))].sort();
    const narrow = (name, words, none) => {
      const select = choice(name, words, this.filters[name], none);
      select.setAttribute("aria-label", none);
      select.addEventListener("change", () => {
        this.filters[name] = select.value;
        this.refilter();
      });
      return select;
    };
    return h(
      "div",
      { class: "row", role: "group", "aria-label": "Filters" },
      kinds,
      narrow("author", authors, "All authors"),
      narrow(
        "tag",
        tags.map((tag) => [tag, tag]),
        "All tags",
      ),
    );
  }

  filterKind(kind, on) {
    if (on) this.filters.kinds.add(kind);
    else this.filters.kinds.delete(kind);
    this.refilter();
  }

  /** The marks and the list anew; the controls stay, and with them the keyboard's place. */
  refilter() {
    this.text.draw(this.article, this.visible());
    this.fill();
  }

  pick(id, remember = true) {
    this.picked = this.annotations.has(id) ? id : null;
    if (remember)
      history.pushState(null, "", `#/articles/${this.id}${this.picked ? `/${this.picked}` : ""}`);
    this.text.highlight(this.picked);
    this.fill();
    this.text.revealAbove(this.panel);
  }

  fill() {
    const annotation = this.annotations.get(this.picked);
    this.panel.classList.toggle("open", Boolean(annotation));
    if (!annotation) this.panel.replaceChildren(listOf(this));
    else if (linking.waitsFor(annotation)) this.open(linkForm(this, annotation));
    else this.panel.replaceChildren(detailOf(this, annotation));
    this.panel.scrollTop = 0;
  }

  /** Put a form into the panel and the keyboard into the form. */
  open(form) {
    this.panel.classList.add("open");
    this.panel.replaceChildren(form);
    form.querySelector("input, select, textarea")?.focus({ preventScroll: true });
    this.panel.scrollTop = 0;
  }

  selecting() {
    const selected = this.text.selection();
    const inText = this.text.element.contains(document.getSelection().anchorNode);
    if (selected || inText) this.selected = selected; // elsewhere it is kept, for the button
    this.tagButton.textContent = this.selected ? "Tag the selection" : "Tag a quote";
  }

  tag() {
    this.open(tagForm(this, this.selected));
  }

  /** Do something that may be refused, then show what stands; so too when it moved on before. */
  async change(work, picked = this.picked) {
    await attempt(async () => {
      try {
        await work();
      } catch (error) {
        if ([404, 409, 412].includes(error.status)) await this.reload(this.picked);
        throw error;
      }
      await this.reload(picked);
    });
  }

  quote(id) {
    return this.annotations.get(id)?.target.exact ?? say("another_annotation");
  }
}
