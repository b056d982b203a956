// How does the span that a coder marks move? By words, characters or sentences; a fixed end stays where it began.
import { type Grain, type Stretch, stretches, tidied } from "./text";

/** In UTF-16 units of the field's text: where it began, and the end that moves. */
export interface Span {
  item: string;
  field: string;
  anchor: Stretch;
  focus: Stretch;
}

export function rangeOf(span: Span): Stretch {
  return { start: Math.min(span.anchor.start, span.focus.start), end: Math.max(span.anchor.end, span.focus.end) };
}

/** The first word; null where there is none. */
export function firstSpan(item: string, field: string, text: string): Span | null {
  const first = stretches(text, "word")[0];
  return first ? { item, field, anchor: first, focus: first } : null;
}

/** A span over this stretch, as people would mark it; null where that is nothing. */
export function spanOver(item: string, field: string, text: string, start: number, end: number): Span | null {
  const tidy = tidied(text, start, end);
  return tidy && { item, field, anchor: tidy, focus: tidy };
}

/** A step forward or backward: the next stretch alone, or the span extended or drawn in by one. */
export function stepped(span: Span, text: string, grain: Grain, forward: boolean, extend: boolean): Span {
  const all = stretches(text, grain);
  const base = extend && grain === "grapheme" ? narrowed(span, all) : span;
  const next = (grain === "sentence" && around(base.focus, all)) ||
    (forward ? nextOf(base, all, extend) : previousOf(base, all, extend));
  if (!next) return span;
  return extend ? { ...base, focus: next } : { ...base, anchor: next, focus: next };
}

/** The sentence that a stretch is a part of; undefined where it is one already. */
function around(stretch: Stretch, all: Stretch[]): Stretch | undefined {
  const sentence = all.find((one) => one.start <= stretch.start && stretch.start < one.end);
  return sentence && (sentence.start !== stretch.start || sentence.end > stretch.end) ? sentence : undefined;
}

/** To the first or last word. */
export function toEdge(span: Span, text: string, last: boolean, extend: boolean): Span {
  const edge = stretches(text, "word").at(last ? -1 : 0);
  if (!edge) return span;
  return extend ? { ...span, focus: edge } : { ...span, anchor: edge, focus: edge };
}

/** By characters, a span is drawn in below the word it began with. */
function narrowed(span: Span, characters: Stretch[]): Span {
  const { start, end } = rangeOf(span);
  const backward = span.focus.start < span.anchor.start;
  const first = characters.find((one) => one.start >= start) ?? span.anchor;
  const last = characters.findLast((one) => one.end <= end) ?? span.anchor;
  return backward ? { ...span, anchor: last, focus: first } : { ...span, anchor: first, focus: last };
}

function nextOf({ anchor, focus }: Span, all: Stretch[], extend: boolean): Stretch | undefined {
  const drawnIn = extend && focus.start < anchor.start;
  return all.find((one) => (drawnIn ? one.start > focus.start : one.start >= focus.end));
}

function previousOf({ anchor, focus }: Span, all: Stretch[], extend: boolean): Stretch | undefined {
  const drawnIn = extend && focus.end > anchor.end;
  return all.findLast((one) => (drawnIn ? one.end < focus.end : one.end <= focus.start));
}
