// What was said about an item? Memos, arguments of a joint round with their names, claims and leads that name it.
import { h } from "./dom";
import { codeOf, postOf, type State } from "./state";
import type { Item, Note, Thread } from "./types";
import { nameOf, t } from "./words";

const TYPES = { note: "memo", argue: "argument", changed_mind: "change_of_mind" } as const;

/** The notes about an item, those under way counted in. */
export function notesOf(state: State, item: string): Note[] {
  const { coder } = state.overview;
  const found = new Map((state.notes.get(postOf(state, item)) ?? []).map((note) => [note.memo_id, note]));
  for (const act of state.pending) {
    if (act.do !== "note" && act.do !== "argue" && act.do !== "changed_mind") continue;
    const { memo_id, about, text } = act;
    if (text) found.set(memo_id, { memo_id, about, text, coder, at: "", type: TYPES[act.do] });
    else found.delete(memo_id);
  }
  return [...found.values()].filter((note) => note.about.includes(item));
}

export function drawNotes(row: HTMLElement, item: Item, thread: Thread, state: State): void {
  const claims = thread.claims[item.item_id] ?? [];
  const leads = thread.leads[item.item_id] ?? [];
  row.replaceChildren(
    ...notesOf(state, item.item_id).map((note) => noteOf(state, note)),
    ...claims.map((claim) => h("p", { class: "aside" },
      `${t(claim.side === "against" ? "claim_against" : "claim_for")}: `,
      h("a", { href: `/claims/${encodeURIComponent(claim.id)}` }, claim.statement))),
    ...leads.map((lead) => h("p", { class: "aside" }, `${t("lead")}: `, h("a", { href: "/leads" }, lead.text))));
  row.hidden = !row.childElementCount;
}

function noteOf(state: State, note: Note): HTMLElement {
  const own = note.coder === state.overview.coder;
  const codes = note.about.flatMap((id) => codeOf(state, id) ?? []).map(nameOf);
  const what = [t(note.type), ...codes].join(" · ");
  const changed = note.type === "change_of_mind" ? " changed" : note.type === "argument" ? " argument" : "";
  return h("div", { class: `note${changed}` },
    h("span", { class: "who" }, own && note.type === "memo" ? what : `${note.coder} · ${what}`),
    h("p", { dir: "auto" }, note.text));
}
