// Where next? Between items, between the fields of an item, and within a span or region.
import { chooseSecond, threadItems } from "./applying";
import type { App } from "./app";
import { firstRegion, moved, type Size } from "./region";
import { firstSpan, stepped, toEdge } from "./span";
import { isRead, itemOf, place, readCount, shownPost, type State, textOf } from "./state";
import type { Entry } from "./types";
import { t } from "./words";

/** To the next or previous item; while a second item is chosen, among all items of the threads. */
export function step(app: App, by: 1 | -1): void {
  const { state } = app;
  if (state.mode.name === "relation") {
    stepCandidate(app, by);
    return;
  }
  const next = state.overview.items[place(state, state.cursor) + by];
  if (next) void app.go(next.id);
  else app.say(t(by > 0 ? "last_item" : "first_item"));
}

function stepCandidate(app: App, by: 1 | -1): void {
  const { state } = app;
  if (state.mode.name !== "relation") return;
  const { mode, overview } = state;
  const items = threadItems(state);
  let at = items.findIndex((item) => item.item_id === mode.candidate) + by;
  if (items[at]?.item_id === mode.from.item_id) at += by; // not to itself
  const within = items[at];
  const here = (entry: Entry): boolean => entry.post === shownPost(state);
  const beyond = overview.items[by > 0 ? overview.items.findLastIndex(here) + 1 : overview.items.findIndex(here) - 1];
  const next = within?.item_id ?? beyond?.id;
  if (!next) return;
  app.store.set({ mode: { ...mode, candidate: next } });
  void app.need(shownPost(app.state));
}

/** Enter: the next item that is not read yet; while a second item is chosen, that one. */
export function onward(app: App): void {
  const { state } = app;
  if (state.mode.name === "relation") {
    chooseSecond(app, state.mode.candidate);
    return;
  }
  const { items } = state.overview;
  const at = place(state, state.cursor);
  const next = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((entry) => !isRead(state, entry));
  if (next && next.id !== state.cursor) void app.go(next.id);
  else if (readCount(state) === items.length) app.say(t("all_read"));
  else app.say(t("only_this_unread"));
}

/** Escape: out of whatever is under way, one thing at a time. */
export function leave(app: App): void {
  const { state } = app;
  getSelection()?.removeAllRanges();
  if (state.editor) app.store.set({ editor: null });
  else if (state.mode.name !== "read") app.store.set({ mode: { name: "read" }, notice: "" });
  else app.store.set({ notice: "", zoomed: false });
  void app.need(shownPost(app.state));
}

/** `v`: mark the first word of the text; again: of the next field (title, text, translations that are shown). */
export function beginSpan(app: App): void {
  const { state } = app;
  const fields = fieldsOf(state, state.cursor);
  const before = state.mode.name === "span" ? fields.indexOf(state.mode.span.field) : -1;
  const field = fields[(before + 1) % fields.length];
  const span = field && firstSpan(state.cursor, field, textOf(state, state.cursor, field));
  if (span) app.store.set({ mode: { name: "span", span }, notice: "" });
  else app.say(t("no_text"));
}

/** The fields of an item that have words, the text first. */
function fieldsOf(state: State, item: string): string[] {
  const translations = state.threads.get(shownPost(state))?.translations[item] ?? [];
  const shown = state.translations ? translations.map((one) => `translation:${one.translation_id}`) : [];
  return ["text", "title", ...shown].filter((field) => firstSpan(item, field, textOf(state, item, field)));
}

/** `r`: mark the middle of the item's picture; again: of its next one. */
export function beginRegion(app: App): void {
  const { state } = app;
  const pictures = (itemOf(state, state.cursor)?.media ?? []).filter((media) => sizeOf(state, media));
  const before = state.mode.name === "region" ? pictures.indexOf(state.mode.region.media) : -1;
  const media = pictures[(before + 1) % pictures.length];
  if (!media) {
    app.say(t("no_picture"));
    return;
  }
  const region = firstRegion(state.cursor, media, sizeOf(state, media)!);
  app.store.set({ mode: { name: "region", region }, notice: "" });
}

/** Width and height of a picture in original pixels; null of what is none or not here. */
export function sizeOf(state: State, media: string): Size | null {
  const found = state.threads.get(shownPost(state))?.media[media];
  return found?.width && found.height ? { width: found.width, height: found.height } : null;
}

const DIRECTIONS: Record<string, [right: number, down: number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** An arrow, Home or End; whether it meant anything here. */
export function arrow(app: App, event: KeyboardEvent): boolean {
  const { mode } = app.state;
  const direction = DIRECTIONS[event.key];
  if (mode.name === "region" && direction) {
    const size = sizeOf(app.state, mode.region.media);
    if (!size) return false;
    const region = moved(mode.region, size, direction[0], direction[1], event.shiftKey, event.altKey);
    app.store.set({ mode: { name: "region", region } });
    return true;
  }
  if (mode.name === "span") return arrowInSpan(app, event, direction);
  if (!direction?.[1] || event.altKey || event.shiftKey) return false;
  step(app, direction[1] > 0 ? 1 : -1);
  return true;
}

function arrowInSpan(app: App, event: KeyboardEvent, direction: [number, number] | undefined): boolean {
  const { mode } = app.state;
  if (mode.name !== "span") return false;
  const text = textOf(app.state, mode.span.item, mode.span.field);
  let span = mode.span;
  if (event.key === "Home" || event.key === "End") {
    span = toEdge(span, text, event.key === "End", event.shiftKey);
  } else if (direction) {
    const forward = direction[1] ? direction[1] > 0 : direction[0] > 0 !== leftward(span.item, span.field);
    const grain = direction[1] ? "sentence" : event.altKey ? "grapheme" : "word";
    span = stepped(span, text, grain, forward, event.shiftKey);
  } else {
    return false;
  }
  getSelection()?.removeAllRanges();
  app.store.set({ mode: { name: "span", span } });
  return true;
}

/** Whether the text runs from right to left, so that the left arrow leads onward. */
function leftward(item: string, field: string): boolean {
  const element = document.querySelector(`[data-item="${CSS.escape(item)}"] [data-field="${CSS.escape(field)}"]`);
  return element !== null && getComputedStyle(element).direction === "rtl";
}
