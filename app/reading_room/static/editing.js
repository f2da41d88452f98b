// Changing what is there: note, tags and confidence of an annotation, and the steps of review.

import { patch, post } from "./api.js";
import { area, button, choice, field, h, input, say, sending, tagsOf } from "./dom.js";
import { CONFIDENCES, movesOf } from "./words.js";

const NEEDS_REASON = new Set(["reject", "request_changes"]);

export function editForm(desk, one) {
  let version = one.version;
  const stands = h("div", { role: "status" });
  const form = h(
    "form",
    { class: "detail", id: "edit-form" },
    h("h2", {}, "Edit"),
    h("blockquote", { class: one.kind }, one.target.exact),
    stands,
    field("Tags, with commas between", input("tags", { value: one.tags.join(", ") })),
    field("Note", area("note", { value: one.note ?? "", rows: 4 })),
    field("Confidence", choice("confidence", CONFIDENCES, one.confidence)),
    h(
      "div",
      { class: "row" },
      h("button", { class: "main" }, "Save"),
      button("Cancel", () => desk.fill()),
    ),
  );
  return sending(form, async (given) => {
    try {
      await patch(
        `/annotations/${one.id}`,
        {
          tags: tagsOf(given.tags),
          note: given.note ?? null,
          confidence: given.confidence ?? null,
        },
        version,
      );
    } catch (error) {
      if (error.status !== 412) throw error;
      version = error.problem.current.version;
      stands.replaceChildren(standing(error.problem.current));
      return;
    }
    await desk.reload(one.id);
  });
}

/** What someone else wrote meanwhile; what is in the form stays, and can be saved over it. */
const standing = (current) =>
  h(
    "div",
    { class: "refused", id: "stands" },
    h("strong", {}, "Someone changed this first."),
    h("p", {}, "Now it says:"),
    h(
      "dl",
      {},
      [
        ["tags", current.tags.join(", ") || "none"],
        ["note", current.note ?? "none"],
        ["confidence", current.confidence ?? "none"],
        ["state", current.state],
      ].map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    h("p", {}, "Save again to put your words in their place, or cancel to keep it."),
  );

/** A button for each step that this person may take. */
export function reviewButtons(desk, thing, path) {
  const moves = movesOf(thing, desk.person);
  if (!moves.length) return null;
  const place = h("div", { class: "row review", role: "group", "aria-label": "Review" });
  const decide = (action, reason) =>
    desk.change(() =>
      post(`${path}/review`, reason ? { action, reason } : { action }, thing.version),
    );
  place.append(
    ...moves.map((action) =>
      button(say(action), () =>
        NEEDS_REASON.has(action) ? place.after(reasonForm(action, decide)) : decide(action),
      ),
    ),
  );
  return place;
}

function reasonForm(action, decide) {
  document.getElementById("reason-form")?.remove();
  const why = area("reason", { required: true });
  const form = h(
    "form",
    { id: "reason-form" },
    field(`Why ${say(action)}?`, why),
    h(
      "div",
      { class: "row" },
      h("button", { class: "main" }, say(action)),
      button("Cancel", () => form.remove()),
    ),
  );
  queueMicrotask(() => why.focus());
  return sending(form, (given) => decide(action, given.reason));
}
