// A text with any number of marks over it, cut where one begins or ends. Marks may nest, overlap
// and coincide; an annotation in pieces is several marks of one id.

/**
 * Marks `{start, end, …}` in UTF-16 units → segments `{start, end, marks}` in order, which
 * together are the whole text from 0 to `length`; `marks` are those that cover the segment.
 */
export function cut(length, marks) {
  const begins = new Map();
  const ends = new Map();
  const edges = new Set([0, length]);
  for (const mark of marks) {
    const start = Math.min(mark.start, length);
    const end = Math.min(mark.end, length);
    if (start >= end) continue;
    push(begins, start, mark);
    push(ends, end, mark);
    edges.add(start).add(end);
  }
  const open = new Set();
  const places = [...edges].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    ends.get(start)?.forEach((mark) => open.delete(mark));
    begins.get(start)?.forEach((mark) => open.add(mark));
    return { start, end: places[index + 1], marks: [...open] };
  });
}

/** All marks of an annotation: its pieces, and the parts of an attribution. */
export function marksOf(annotation, ruler) {
  const { id, kind, target, parts } = annotation;
  const mark = (piece, part) => ({
    id,
    kind,
    part,
    start: ruler.toUnits(piece.start),
    end: ruler.toUnits(piece.end),
  });
  const pieces = (target.fragments ?? [target]).map((piece) => mark(piece, null));
  const named = Object.entries(parts ?? {}).flatMap(([name, spans]) =>
    spans.map((piece) => mark(piece, name)),
  );
  return [...pieces, ...named];
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}
