// The text of an article with its marks. The element's textContent is the stored text, to the
// last character: marks are spans around pieces of it, and signs beside them are drawn by CSS.

import { h } from "./dom.js";
import { Ruler } from "./offsets.js";
import { cut, marksOf } from "./segments.js";
import { SIGNS } from "./words.js";

const DEEPEST = 5; // shades of nesting that can still be told apart

export class TextView {
  /** `onpick(id)` is told which annotation was meant by a click. */
  constructor(onpick) {
    this.element = h("div", { id: "text", class: "text", onclick: (event) => this.clicked(event) });
    this.onpick = onpick;
    this.pieces = []; // {element, ids, parts}
    this.picked = null;
  }

  draw(article, annotations) {
    this.text = article.text;
    this.ruler = new Ruler(article.text);
    this.lengths = new Map(annotations.map(({ id, target }) => [id, target.end - target.start]));
    const regions = article.regions.map((region) => ({
      region: region.kind,
      start: this.ruler.toUnits(region.start),
      end: this.ruler.toUnits(region.end),
    }));
    const marks = annotations.flatMap((annotation) => marksOf(annotation, this.ruler));
    const signs = signsOf(annotations, this.ruler);
    this.pieces = cut(this.text.length, [...regions, ...marks]).map((segment) =>
      this.piece(segment, signs),
    );
    this.element.replaceChildren(...this.pieces.map((piece) => piece.element));
    this.highlight(this.picked);
  }

  piece({ start, end, marks }, signs) {
    const whole = marks.filter((mark) => mark.id && !mark.part);
    const parts = marks.filter((mark) => mark.part);
    const region = marks.find((mark) => mark.region)?.region;
    const ids = whole
      .map((mark) => mark.id)
      .sort((a, b) => this.lengths.get(a) - this.lengths.get(b));
    const kinds = [...new Set(whole.map((mark) => mark.kind))];
    const element = h(
      "span",
      {
        class:
          [ids.length ? "mark" : "", ...kinds, region ? "region" : ""].join(" ").trim() || null,
        "data-depth": ids.length ? Math.min(ids.length, DEEPEST) : null,
        "data-signs": ids.length ? signs.get(end) : null,
        title: region ? `Not part of the story: ${region}` : null,
      },
      this.text.slice(start, end),
    );
    return { element, ids, parts };
  }

  /** Show which annotation is picked, and the parts of it. */
  highlight(id) {
    this.picked = id;
    for (const { element, ids, parts } of this.pieces) {
      element.classList.toggle("picked", ids.includes(id));
      const part = parts.find((mark) => mark.id === id)?.part;
      if (part) element.dataset.part = part;
      else delete element.dataset.part;
    }
  }

  scrollToPicked() {
    const first = this.pieces.find(({ ids }) => ids.includes(this.picked));
    first?.element.scrollIntoView({ block: "center" });
  }

  /** Scroll when what is picked lies under the sheet that tells of it, as on a phone. */
  revealAbove(sheet) {
    const first = this.pieces.find(({ ids }) => ids.includes(this.picked));
    if (!first) return;
    const mark = first.element.getBoundingClientRect();
    const cover = sheet.getBoundingClientRect();
    if (cover.left < mark.left && mark.bottom > cover.top) window.scrollBy(0, mark.top - 110);
  }

  /** The innermost annotation at a click; clicking on goes outwards and round. */
  clicked(event) {
    if (!document.getSelection().isCollapsed) return;
    const ids = this.pieces.find(({ element }) => element === event.target)?.ids ?? [];
    if (ids.length) this.onpick(ids[(ids.indexOf(this.picked) + 1) % ids.length]);
  }

  /** What is selected in the text: `{start, end, exact}` in code points, or null. */
  selection() {
    const selected = document.getSelection();
    if (!selected.rangeCount || selected.isCollapsed) return null;
    const range = selected.getRangeAt(0);
    if (!range.intersectsNode(this.element)) return null;
    const from = this.place(range.startContainer, range.startOffset);
    const to = this.place(range.endContainer, range.endOffset);
    const exact = this.text.slice(from, to).trim();
    if (!exact) return null;
    const start = from + this.text.slice(from, to).indexOf(exact);
    return {
      start: this.ruler.toPoints(start),
      end: this.ruler.toPoints(start + exact.length),
      exact,
    };
  }

  /** How many UTF-16 units of the text lie before a place in the page. */
  place(node, offset) {
    const ahead = document.createRange();
    ahead.selectNodeContents(this.element);
    if (ahead.comparePoint(node, offset) < 0) return 0;
    if (ahead.comparePoint(node, offset) > 0) return this.text.length;
    ahead.setEnd(node, offset);
    return ahead.toString().length;
  }
}

/** Where linked annotations end: a sign for each relation with how many there are. */
function signsOf(annotations, ruler) {
  const signs = new Map();
  for (const { target, links } of annotations) {
    const own = Object.entries(SIGNS).filter(([relation]) => links[relation]);
    if (!own.length) continue;
    const end = ruler.toUnits(target.end);
    const told = own.map(([relation, sign]) => `${sign}${links[relation]}`).join(" ");
    signs.set(end, [signs.get(end), told].filter(Boolean).join(" "));
  }
  return signs;
}
