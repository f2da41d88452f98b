// Two ways to count: the API counts code points, the browser UTF-16 units. They differ by one
// for every character outside the Basic Multilingual Plane, such as an emoji, that lies before.

/** Turns offsets of one text into the other count. */
export class Ruler {
  constructor(text) {
    this.units = []; // where each pair begins, in UTF-16 units
    this.points = []; // the same places in code points
    for (const pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) {
      this.points.push(pair.index - this.units.length);
      this.units.push(pair.index);
    }
  }

  toUnits(point) {
    return point + before(this.points, point);
  }

  /** An offset inside a pair counts as the pair's beginning. */
  toPoints(unit) {
    return unit - before(this.units, unit);
  }
}

/** How many of the ascending places lie before this one. */
function before(places, place) {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
