// How do codes lie on words without touching them? As named highlights over the text nodes, stacked in lanes where
// they overlap, so that no word is ever wrapped, copied or moved.
import type { ItemView } from "./item";
import { rangeOf } from "./span";
import { codingsOf, type State } from "./state";
import { toUnit } from "./text";
import type { Coding } from "./types";

export const LANES = 4;

interface Drawn {
  start: number;
  end: number;
  name: string;
}

/** Draw the codes of these items. */
export function highlightCodes(state: State, views: readonly ItemView[]): void {
  const names = new Map<string, Highlight>();
  const places = placesOf(state);
  for (const view of views) {
    const own = codingsOf(state, view.item.item_id);
    for (const [field, node] of own.length ? view.fields : []) {
      const spans = own.flatMap((coding) => drawnOf(coding, field, node, places));
      for (const { span, lane } of inLanes(spans)) {
        const name = `${span.name}-${lane}`;
        const found = names.get(name) ?? new Highlight();
        found.priority = lane;
        names.set(name, add(found, node, span));
      }
    }
  }
  for (const name of [...CSS.highlights.keys()]) if (name.startsWith("code-") && !names.has(name)) CSS.highlights.delete(name);
  for (const [name, found] of names) CSS.highlights.set(name, found);
}

/** Draw the span in hand, and the coding whose chip is pointed at. */
export function highlightHand(state: State, views: ReadonlyMap<string, ItemView>, pointed: Coding | null): void {
  const pointedAt = new Highlight();
  pointedAt.priority = LANES;
  const node = pointed && views.get(pointed.item_id)?.fields.get(pointed.field);
  if (node) for (const one of drawnOf(pointed, pointed.field, node, placesOf(state))) add(pointedAt, node, one);
  CSS.highlights.set("pointed", pointedAt);
  const marking = new Highlight();
  marking.priority = LANES + 1;
  if (state.mode.name === "span") {
    const { span } = state.mode;
    const marked = views.get(span.item)?.fields.get(span.field);
    if (marked) add(marking, marked, rangeOf(span));
  }
  CSS.highlights.set("marking", marking);
}

function placesOf(state: State): Map<string, number> {
  return new Map(state.overview.codebook.codes.map((code, at) => [code.id, at]));
}

function add(highlight: Highlight, node: Text, { start, end }: { start: number; end: number }): Highlight {
  const last = Math.min(end, node.data.length);
  if (start >= last) return highlight;
  return highlight.add(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: last }));
}

function drawnOf(coding: Coding, field: string, node: Text, places: Map<string, number>): Drawn[] {
  const at = places.get(coding.code_id);
  if (coding.field !== field || coding.start === null || coding.end === null || at === undefined) return [];
  return [{ start: toUnit(node.data, coding.start), end: toUnit(node.data, coding.end), name: `code-${at}` }];
}

/** Each span in the first lane that is free where it lies; beyond the last lane they share it. */
export function inLanes<S extends { start: number; end: number }>(spans: S[]): { span: S; lane: number }[] {
  const ends: number[] = [];
  return [...spans].sort((a, b) => a.start - b.start || b.end - a.end).map((span) => {
    const free = ends.findIndex((end) => end <= span.start);
    const lane = Math.min(free < 0 ? ends.length : free, LANES - 1);
    ends[lane] = Math.max(ends[lane] ?? 0, span.end);
    return { span, lane };
  });
}
