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

/** Draw the codes of these items, and the span in hand. */
export function highlight(state: State, views: readonly ItemView[], pointed: Coding | null): void {
  const names = new Map<string, Highlight>();
  const add = (name: string, node: Text, start: number, end: number, priority: number): void => {
    const length = node.data.length;
    if (start >= length || end <= start) return;
    const range = new StaticRange({
      startContainer: node, startOffset: start, endContainer: node, endOffset: Math.min(end, length),
    });
    const found = names.get(name) ?? new Highlight();
    found.priority = priority;
    names.set(name, found.add(range));
  };
  const places = new Map(state.overview.codebook.codes.map((code, at) => [code.id, at]));
  for (const view of views) {
    const own = codingsOf(state, view.item.item_id);
    for (const [field, node] of view.fields) {
      const spans = own.flatMap((coding) => drawnOf(coding, field, node, places));
      for (const { span, lane } of inLanes(spans)) add(`${span.name}-${lane}`, node, span.start, span.end, lane);
    }
  }
  if (pointed) {
    const view = views.find((one) => one.item.item_id === pointed.item_id);
    const node = view?.fields.get(pointed.field);
    if (node) for (const one of drawnOf(pointed, pointed.field, node, places)) add("pointed", node, one.start, one.end, 8);
  }
  if (state.mode.name === "span") {
    const { span } = state.mode;
    const node = views.find((one) => one.item.item_id === span.item)?.fields.get(span.field);
    if (node) add("marking", node, rangeOf(span).start, rangeOf(span).end, 9);
  }
  CSS.highlights.clear();
  for (const [name, found] of names) CSS.highlights.set(name, found);
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
