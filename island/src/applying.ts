// What does a code's key do? It toggles the code on what is marked: the item, a span, a region, or between two items.
import { keyOf, latestToUndo, targetOf, whole } from "./acts";
import type { App } from "./app";
import { rangeOf } from "./span";
import { codeOf, codingsOf, itemIn, place, shownPost, type State, textOf } from "./state";
import { toPoint, toUnit } from "./text";
import { type Coding, type Item, itemsOf, type Target } from "./types";
import { nameOf, t } from "./words";

/** What a code would be applied to now. */
export function target(state: State): Target {
  const { mode } = state;
  if (mode.name === "span") {
    const text = textOf(state, mode.span.item, mode.span.field);
    const { start, end } = rangeOf(mode.span);
    return {
      ...whole(mode.span.item), field: mode.span.field, start: toPoint(text, start), end: toPoint(text, end),
    };
  }
  if (mode.name === "region") {
    const { item, media, x, y, w, h } = mode.region;
    return { ...whole(item), media_id: media, x, y, w, h };
  }
  return whole(state.cursor);
}

/** One's own coding of this code on what is marked now, if it stands. */
export function codingHere(state: State, code: string): Coding | undefined {
  const here = target(state);
  return codingsOf(state, here.item_id).find((coding) => {
    if (coding.code_id !== code) return false;
    const there = targetOf(coding);
    return keyOf(code, codeOf(state, code)?.second_item ? { ...there, second_item: "" } : there) === keyOf(code, here);
  });
}

export function press(app: App, id: string): void {
  const { state } = app;
  const code = codeOf(state, id);
  if (!code) return;
  app.store.set({ looked: id });
  if (state.mode.name === "look") {
    app.store.set({ mode: { name: "read" }, notice: "" });
  } else if (code.second_item) {
    beginRelation(app, id);
  } else {
    toggle(app, id, target(state));
  }
}

function toggle(app: App, code: string, here: Target): void {
  const stands = codingsOf(app.state, here.item_id)
    .some((coding) => coding.code_id === code && keyOf(code, targetOf(coding)) === keyOf(code, here));
  if (!stands && !codeOf(app.state, code)?.active) app.say(t("retired"));
  else app.act({ do: stands ? "remove" : "set", code_id: code, ...here });
}

export function remove(app: App, coding: Coding): void {
  if (coding.nothing_applies) app.act({ do: "not_nothing", item_id: coding.item_id });
  else app.act({ do: "remove", code_id: coding.code_id, ...targetOf(coding) });
}

export function nothingApplies(app: App): void {
  const item = app.state.cursor;
  const codings = codingsOf(app.state, item);
  if (codings.some((coding) => coding.nothing_applies)) app.act({ do: "not_nothing", item_id: item });
  else if (codings.length) app.say(t("codes_stand"));
  else app.act({ do: "nothing", item_id: item });
}

export function undo(app: App): void {
  const { pending, canUndo } = app.state;
  const of = latestToUndo(pending);
  if (of || canUndo) app.act({ do: "undo", of });
  else app.say(t("nothing_to_undo"));
}

/** The items of the shown thread in their order: any of them may be a second item. */
export function threadItems(state: State): Item[] {
  const thread = state.threads.get(shownPost(state));
  return thread ? itemsOf(thread) : [];
}

function beginRelation(app: App, code: string): void {
  const { state } = app;
  const items = threadItems(state);
  const at = items.findIndex((item) => item.item_id === state.cursor);
  const candidate = items[at + 1] ?? items[at - 1];
  const from = target(state);
  const elsewhere = state.overview.items.find((entry) => entry.id !== state.cursor)?.id;
  const first = candidate?.item_id ?? elsewhere;
  if (first) app.store.set({ mode: { name: "relation", code, from, candidate: first }, notice: "" });
  else app.say(t("no_second_item"));
}

export function chooseSecond(app: App, second: string): void {
  const { mode } = app.state;
  if (mode.name !== "relation") return;
  if (second === mode.from.item_id) {
    app.say(t("same_item"));
    return;
  }
  app.store.set({ mode: { name: "read" } });
  toggle(app, mode.code, { ...mode.from, second_item: second });
  void app.need(shownPost(app.state));
}

/** Mark what a coding is of, so that keys act on that. */
export function mark(app: App, coding: Coding): void {
  const { state } = app;
  app.store.set({ looked: coding.code_id || state.looked });
  const { item_id: item, field, media_id: media, x, y, w, h } = coding;
  if (field && coding.start !== null && coding.end !== null) {
    const text = textOf(state, item, field);
    const anchor = { start: toUnit(text, coding.start), end: toUnit(text, coding.end) };
    const translations = state.translations || field.startsWith("translation:");
    const mode = { name: "span", span: { item, field, anchor, focus: anchor } } as const;
    app.store.set({ cursor: item, mode, translations, notice: "" });
  } else if (media && x !== null && y !== null && w !== null && h !== null) {
    app.store.set({ cursor: item, mode: { name: "region", region: { item, media, x, y, w, h } }, notice: "" });
  } else if (coding.second_item && place(state, coding.second_item) >= 0) {
    void app.go(coding.second_item);
  } else if (itemIn(state.threads.get(shownPost(state)), item)) {
    app.store.set({ cursor: item, mode: { name: "read" }, notice: "" });
  }
}

/** What is marked, in words. */
export function described(state: State, coding: Coding): string {
  const code = codeOf(state, coding.code_id);
  return coding.nothing_applies ? t("nothing") : code ? nameOf(code) : coding.code_id;
}
