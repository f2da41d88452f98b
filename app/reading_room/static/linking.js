// Linking two annotations: the first is kept while the second is looked for, here or in another
// article of the project.

import { post } from "./api.js";
import { area, button, choice, field, h, sending, short } from "./dom.js";
import { BASES, CONFIDENCES, RELATIONS, SIGNS } from "./words.js";

let first = null; // {id, exact, project}
let away = () => {}; // shows that linking has ended

export const linking = {
  begin(annotation, desk) {
    first = { id: annotation.id, exact: annotation.target.exact, project: desk.project.id };
  },

  /** Whether this annotation can be the second end. */
  waitsFor(annotation) {
    return first !== null && first.id !== annotation.id && first.project === annotation.project_id;
  },

  /** A line that tells what is being linked; `ended` is called when it is given up. */
  banner(ended) {
    away = ended;
    if (!first) return null;
    const line = h(
      "p",
      { class: "linking", role: "status" },
      "Linking ",
      h("q", {}, short(first.exact, 50)),
      ": pick the other annotation, here or in another article. ",
    );
    line.append(button("Stop linking", () => stop(line)));
    return line;
  },
};

function stop(line) {
  first = null;
  line?.remove();
  away();
}

export function linkForm(desk, second) {
  const relation = h(
    "fieldset",
    {},
    h("legend", {}, "How do they stand to each other?"),
    RELATIONS.map((word, place) =>
      h(
        "label",
        { class: `kind relation-${word}` },
        h("input", { type: "radio", name: "relation", value: word, checked: place === 0 }),
        ` ${SIGNS[word]} ${word}`,
      ),
    ),
  );
  const cancel = button("Stop linking", () => stop(desk.bar.querySelector(".linking")));
  const form = h(
    "form",
    { class: "detail", id: "link-form" },
    h("h2", {}, "Link"),
    h("blockquote", {}, short(first.exact, 200)),
    h("blockquote", {}, short(second.target.exact, 200)),
    relation,
    field("Basis", choice("basis", BASES)),
    field("Why", area("rationale")),
    field("Confidence", choice("confidence", CONFIDENCES)),
    h(
      "div",
      { class: "row" },
      h("button", { class: "main" }, "Save"),
      button("Another one", () => desk.pick(null)),
      cancel,
    ),
  );
  return sending(form, async (given) => {
    await post(`/projects/${desk.project.id}/links`, { from: first.id, to: second.id, ...given });
    first = null;
    await desk.reload(second.id);
  });
}
