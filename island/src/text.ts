// Where in a text? Scripts count UTF-16 units, the record counts Unicode code points; people count words and the
// characters they see. The conversions between them, in one place.

export interface Stretch {
  start: number;
  end: number;
}

const SURROGATES = /[\ud800-\udbff][\udc00-\udfff]/;

/** The code point offset of a UTF-16 offset; one inside a pair counts as before it. */
export function toPoint(text: string, unit: number): number {
  if (!SURROGATES.test(text)) return unit;
  let points = 0;
  for (let at = 0; at < unit; points++) {
    const next = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    if (next > unit) break;
    at = next;
  }
  return points;
}

/** The UTF-16 offset of a code point offset. */
export function toUnit(text: string, point: number): number {
  if (!SURROGATES.test(text)) return point;
  let at = 0;
  for (let points = 0; points < point && at < text.length; points++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

export type Grain = "grapheme" | "word" | "sentence";

const segmenters = new Map<Grain, Intl.Segmenter>();

/** What of a text can be stepped over: what is seen as a character, a word or sign, a sentence; never mere blanks. */
export function stretches(text: string, grain: Grain): Stretch[] {
  let segmenter = segmenters.get(grain);
  if (!segmenter) {
    segmenter = new Intl.Segmenter(undefined, { granularity: grain });
    segmenters.set(grain, segmenter);
  }
  const found: Stretch[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    const end = index + segment.trimEnd().length;
    if (end > index) found.push({ start: index, end });
  }
  return found;
}

/** The stretch as people would mark it: whole characters, no blanks at its ends; null where nothing is left. */
export function tidied(text: string, start: number, end: number): Stretch | null {
  const within = stretches(text, "grapheme").filter((one) => one.end > start && one.start < end);
  return within.length ? { start: within[0]!.start, end: within.at(-1)!.end } : null;
}

/** The text in at most `most` characters as they are seen, with an ellipsis where it is cut. */
export function shortened(text: string, most: number): string {
  const flat = text.slice(0, most * 30).replace(/\s+/g, " ").trim();
  if (flat.length <= most) return flat;
  const seen = stretches(flat, "grapheme");
  return seen.length <= most ? flat : `${flat.slice(0, seen[most - 1]!.end)}…`;
}
