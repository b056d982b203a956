// What does the screen know? One state, changed only through `Store.set`; every view is drawn from it.
import { type Act, effective, standing } from "./acts";
import type { Refused } from "./queue";
import type { Region } from "./region";
import type { Saving } from "./sending";
import type { Span } from "./span";
import { type Code, type Coding, type Entry, type Fault, type Item, itemsOf, type Note, type Overview, type Target, type Thread } from "./types";

/** What keys act on: an item, a span of its text, a region of its picture, a second item to be chosen, or a code whose
 * definition is looked up. */
export type Mode =
  | { name: "read" }
  | { name: "span"; span: Span }
  | { name: "region"; region: Region }
  | { name: "relation"; code: string; from: Target; candidate: string }
  | { name: "look" };

export interface Editor {
  kind: "memo" | "argument" | "group";
  item: string;
  /** The key of the coding it is about; empty: the item. */
  about: string;
}

export interface State {
  overview: Overview;
  threads: ReadonlyMap<string, Thread>;
  /** Own codings that the server has, of every item seen so far. */
  saved: ReadonlyMap<string, readonly Coding[]>;
  notes: ReadonlyMap<string, readonly Note[]>;
  /** Groups and actor types overruled since the threads were read. */
  authors: ReadonlyMap<string, { group: string; actor_type: string }>;
  pending: readonly Act[];
  refused: readonly Refused[];
  saving: Saving;
  faults: readonly Fault[];
  cursor: string;
  mode: Mode;
  /** The code whose definition is shown. */
  looked: string;
  filter: string;
  folded: ReadonlySet<string>;
  translations: boolean;
  zoomed: boolean;
  editor: Editor | null;
  notice: string;
  canUndo: boolean;
  finished: boolean;
}

export type View = (state: State, before: State | null) => void;

export class Store {
  private readonly views: View[] = [];

  constructor(public state: State) {}

  set(change: Partial<State>): void {
    const before = this.state;
    this.state = { ...before, ...change };
    for (const view of this.views) view(this.state, before);
  }

  draw(...views: View[]): void {
    for (const view of views) view(this.state, null);
    this.views.push(...views);
  }
}

/** Computed once for each combination of what it is made from. */
function remembered<A, B, R>(make: (a: A, b: B) => R): (a: A, b: B) => R {
  let last: { a: A; b: B; result: R } | null = null;
  return (a, b) => {
    if (!last || last.a !== a || last.b !== b) last = { a, b, result: make(a, b) };
    return last.result;
  };
}

const placesOf = remembered((overview: Overview, _: null) => new Map(overview.items.map((one, at) => [one.id, at])));
const codesOf = remembered((overview: Overview, _: null) => new Map(overview.codebook.codes.map((one) => [one.id, one])));
const underWay = remembered((pending: readonly Act[], _: null) => effective(pending));

export const place = (state: State, item: string): number => placesOf(state.overview, null).get(item) ?? -1;
export const codeOf = (state: State, id: string): Code | undefined => codesOf(state.overview, null).get(id);
export const open = (state: State): boolean => state.overview.round.state === "open";

/** Whether others' codings and arguments are part of this screen at all. */
export const together = (state: State): boolean =>
  state.overview.round.mode === "joint" || state.overview.round.state === "revealed";

/** One's own codings of an item, acts under way counted in. */
export function codingsOf(state: State, item: string): readonly Coding[] {
  return standing(state.saved.get(item) ?? [], underWay(state.pending, null), item, state.overview.coder);
}

/** What others coded on an item; there is none unless the round is read together or revealed. */
export function othersOn(state: State, item: string): Coding[] {
  const codings = state.threads.get(postOf(state, item))?.codings ?? [];
  return codings.filter((one) => one.item_id === item && one.coder && one.coder !== state.overview.coder);
}

export function isRead(state: State, entry: Entry): boolean {
  return codingsOf(state, entry.id).length > 0 || (entry.read && !state.saved.has(entry.id));
}

const counted = remembered((saved: State["saved"], pending: State["pending"]) => ({ saved, pending, n: -1 }));

export function readCount(state: State): number {
  const count = counted(state.saved, state.pending);
  if (count.n < 0) count.n = state.overview.items.filter((entry) => isRead(state, entry)).length;
  return count.n;
}

/** The item that is looked at: the cursor's, or the candidate for a second one. */
export function shownItem(state: State): string {
  return state.mode.name === "relation" ? state.mode.candidate : state.cursor;
}

/** The post whose thread is shown. */
export function shownPost(state: State): string {
  return postOf(state, shownItem(state));
}

export function postOf(state: State, item: string): string {
  const entry = state.overview.items[place(state, item)];
  if (entry) return entry.post;
  for (const [post, thread] of state.threads) if (itemIn(thread, item)) return post;
  return "";
}

export function itemIn(thread: Thread | undefined, item: string): Item | undefined {
  return thread && itemsOf(thread).find((one) => one.item_id === item);
}

export function itemOf(state: State, item: string): Item | undefined {
  return itemIn(state.threads.get(postOf(state, item)), item);
}

/** The stored text of a field: title, text, or a translation's. */
export function textOf(state: State, item: string, field: string): string {
  const found = itemOf(state, item);
  if (field === "title" || field === "text") return found?.[field] ?? "";
  const id = field.replace(/^translation:/, "");
  const translations = state.threads.get(postOf(state, item))?.translations[item] ?? [];
  return translations.find((one) => one.translation_id === id)?.text ?? "";
}
