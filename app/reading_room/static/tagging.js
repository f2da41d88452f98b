// The form that tags a quote: selected with the mouse, or typed and found by the server.

import { post } from "./api.js";
import { area, button, choice, field, h, input, sending, tagsOf } from "./dom.js";
import { ASKED, attributesFrom, CONFIDENCES, KINDS } from "./words.js";

/** `selected` is `{start, end, exact}` in code points, or null: then the quote is typed. */
export function tagForm(desk, selected) {
  const quote = area("quote", { required: true, rows: 3 });
  quote.value = selected?.exact ?? "";
  const asked = h("div");
  const kinds = h(
    "fieldset",
    {},
    h("legend", {}, "Kind"),
    KINDS.map((kind, place) =>
      h(
        "label",
        { class: "kind" },
        h("input", {
          type: "radio",
          name: "kind",
          value: kind,
          checked: place === 0,
          onchange: () => asked.replaceChildren(...questions(kind)),
        }),
        h("span", { class: `mark ${kind}` }, kind),
      ),
    ),
  );
  asked.append(...questions(KINDS[0]));
  const hint = selected
    ? "As you selected it. Change it, and it is looked for in the text."
    : "Word for word. It is looked for in the text.";
  const form = h(
    "form",
    { class: "detail", id: "tag-form" },
    h("h2", {}, "Tag"),
    kinds,
    field("Quote", quote, hint),
    asked,
    field("Tags, with commas between", input("tags")),
    field("Note", area("note")),
    field("Confidence", choice("confidence", CONFIDENCES)),
    h(
      "div",
      { class: "row" },
      h("button", { class: "main" }, "Save"),
      button("Cancel", () => desk.fill()),
    ),
  );
  return sending(form, async (given) => {
    // What was typed is compared as the form's control keeps it, with newlines of one kind.
    const whole =
      selected && quote.value === normal(selected.exact) ? selected : { exact: quote.value };
    const made = await post(`/articles/${desk.id}/annotations`, bodyOf(given, whole, desk.article));
    desk.selected = null;
    document.getSelection().removeAllRanges();
    await desk.reload(made.id);
    desk.pick(made.id);
  });
}

const normal = (text) => text.replace(/\r\n?/g, "\n");

function questions(kind) {
  const asked = Object.entries(ASKED[kind]).map(([name, [label, words, hint]]) =>
    field(
      label,
      words ? choice(name, words) : name === "statement" ? area(name) : input(name),
      hint,
    ),
  );
  if (kind !== "attribution") return asked;
  return [
    ...asked,
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", name: "content", value: "whole" }),
      " The quote is itself what was said",
    ),
  ];
}

/** It says which text was read: where that stands no more, nothing is tagged. */
function bodyOf(given, target, article) {
  const body = {
    kind: given.kind,
    revision: article.revision,
    target,
    attributes: attributesFrom(given.kind, given),
    tags: tagsOf(given.tags),
  };
  if (given.note) body.note = given.note;
  if (given.confidence) body.confidence = given.confidence;
  if (given.content) body.parts = { content: [target] };
  return body;
}
