// What does a coder do, and which codings stand when acts that are still under way are counted in? Pure functions.
import type { Coding, Target } from "./types";

export type Act =
  | ({ act: string; do: "set" | "remove"; code_id: string; memo?: string } & Target)
  | { act: string; do: "nothing" | "not_nothing"; item_id: string }
  | { act: string; do: "note" | "argue" | "changed_mind"; memo_id: string; about: string[]; text: string }
  | { act: string; do: "group"; author: string; group: string; actor_type: string; reason: string }
  | { act: string; do: "finish" | "resume" }
  | { act: string; do: "undo"; of: string };

export type NoteAct = Extract<Act, { memo_id: string }>;
export type CodingAct = Extract<Act, { item_id: string }>;
type WithoutId<A> = A extends Act ? Omit<A, "act"> : never;
/** An act before it has its id. */
export type Intent = WithoutId<Act>;

const NOWHERE = {
  field: "", start: null, end: null, media_id: "", x: null, y: null, w: null, h: null, second_item: "",
};

/** The whole of an item. */
export function whole(item_id: string): Target {
  return { item_id, ...NOWHERE };
}

/** The target of a coding, without what is said there; keys that the server left out are filled in. */
export function targetOf(coding: Partial<Target> & { item_id: string }): Target {
  const target = whole(coding.item_id);
  for (const key of Object.keys(target) as (keyof Target)[]) {
    const value = coding[key];
    if (value !== undefined && value !== null) Object.assign(target, { [key]: value });
  }
  return target;
}

/** Two codings are the same when their keys are: one code on one target. */
export function keyOf(code: string, target: Target): string {
  const { item_id, field, start, end, media_id, x, y, w, h, second_item } = target;
  return JSON.stringify([item_id, code, field, start, end, media_id, x, y, w, h, second_item]);
}

export function isCodingAct(act: Act): act is CodingAct {
  return "item_id" in act;
}

/** The acts that have an effect: those that an undo behind them takes back have none. */
export function effective(acts: readonly Act[]): readonly Act[] {
  const undone = new Set(acts.flatMap((act) => (act.do === "undo" && act.of ? [act.of] : [])));
  return undone.size ? acts.filter((act) => !undone.has(act.act)) : acts;
}

/** The act that an undo would take back if it were among these: the latest coding act not undone yet; or "". */
export function latestToUndo(acts: readonly Act[]): string {
  return effective(acts).findLast(isCodingAct)?.act ?? "";
}

/** The codings of an item after one more act. */
function after(codings: readonly Coding[], act: CodingAct, coder: string): Coding[] {
  if (!("code_id" in act)) {
    const others = codings.filter((coding) => !coding.nothing_applies);
    return act.do === "not_nothing" || others.length ? others : [nothing(act.item_id, coder)];
  }
  const target = targetOf(act);
  const key = keyOf(act.code_id, target);
  const before = codings.find((coding) => keyOf(coding.code_id, targetOf(coding)) === key);
  const others = codings.filter((coding) => coding !== before && !(act.do === "set" && coding.nothing_applies));
  if (act.do === "remove") return others;
  const memo = act.memo ?? before?.memo ?? "";
  return [...others, { ...target, code_id: act.code_id, nothing_applies: false, memo, coder, outdated: false }];
}

function nothing(item_id: string, coder: string): Coding {
  return { ...whole(item_id), code_id: "", nothing_applies: true, memo: "", coder, outdated: false };
}

/** The codings of an item that stand when the acts under way are counted in. */
export function standing(
  saved: readonly Coding[], acts: readonly Act[], item_id: string, coder: string,
): readonly Coding[] {
  let codings = saved;
  for (const act of effective(acts)) {
    if (isCodingAct(act) && act.item_id === item_id) codings = after(codings, act, coder);
  }
  return codings;
}
