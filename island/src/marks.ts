// Which codes stand on an item? A row of chips beneath its words: letter, name, and the words or place they are of.
import { keyOf, targetOf } from "./acts";
import { described, mark, remove, target } from "./applying";
import type { App } from "./app";
import { h, kbd } from "./dom";
import type { ItemView } from "./item";
import { codeOf, codingsOf, itemOf, open } from "./state";
import { shortened, toUnit } from "./text";
import type { Coding } from "./types";
import { t } from "./words";

const EXCERPT = 24; // characters

export function drawMarks(
  app: App, row: HTMLElement, view: ItemView, own: readonly Coding[], others: readonly Coding[],
): void {
  const focused = row.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).closest<HTMLElement>("[data-key-of]")?.dataset["keyOf"] : undefined;
  row.replaceChildren(
    ...[...own].sort(inOrder).map((coding) => chip(app, view, coding, true)),
    ...[...others].sort(inOrder).map((coding) => chip(app, view, coding, false)));
  row.hidden = !row.childElementCount;
  if (focused === undefined) return;
  const again = [...row.querySelectorAll<HTMLElement>("[data-key-of]")].find((one) => one.dataset["keyOf"] === focused);
  (again?.querySelector("button") ?? view.element).focus({ preventScroll: true });
}

function inOrder(a: Coding, b: Coding): number {
  return a.field.localeCompare(b.field) || (a.start ?? -1) - (b.start ?? -1) || a.code_id.localeCompare(b.code_id);
}

function chip(app: App, view: ItemView, coding: Coding, own: boolean): HTMLElement {
  const { state } = app;
  const code = codeOf(state, coding.code_id);
  const key = keyOf(coding.code_id, targetOf(coding));
  const says = [
    coding.memo && `${t("memo")}: ${coding.memo}`, coding.outdated && t("outdated"), !own && coding.coder,
  ].filter(Boolean).join(" · ");
  const main = h("button", {
    type: "button", title: says || null, onclick: () => mark(app, coding),
    onkeydown: own && open(state) ? (event: KeyboardEvent) => chipKey(app, event, coding) : null,
  },
  code?.key ? kbd(code.key) : h("span", { class: "dot" }),
  described(state, coding), ...place(view, coding), ...second(app, coding),
  coding.memo && h("span", { class: "sign" }, " ✎", h("span", { class: "unseen" }, t("memo"))),
  coding.outdated && h("span", { class: "sign" }, " ↻", h("span", { class: "unseen" }, t("outdated"))),
  !own && h("span", { class: "coder" }, ` ${coding.coder}`));
  const off = own && open(state) && h("button", {
    type: "button", class: "off", tabindex: -1, title: t("take_off"), "aria-label": `${t("take_off")}: ${described(state, coding)}`,
    onclick: () => remove(app, coding),
  }, "×");
  const kind = coding.nothing_applies ? "nothing" : own ? "own" : "others";
  const made = h("span", { class: `mark ${kind} ${codeClass(app, coding.code_id)}`, "data-key-of": own ? key : null }, main, off);
  made.addEventListener("pointerenter", () => view.element.dispatchEvent(new CustomEvent("point", { detail: coding })));
  made.addEventListener("pointerleave", () => view.element.dispatchEvent(new CustomEvent("point", { detail: null })));
  return made;
}

export function codeClass(app: App, code: string): string {
  const at = app.state.overview.codebook.codes.findIndex((one) => one.id === code);
  return at < 0 ? "" : `code-${at}`;
}

function chipKey(app: App, event: KeyboardEvent, coding: Coding): void {
  if (event.key === "Delete" || event.key === "Backspace") remove(app, coding);
  else return;
  event.preventDefault();
}

/** The words a span covers, or the size of a region. */
function place(view: ItemView, coding: Coding): (Node | string)[] {
  if (coding.field && coding.start !== null && coding.end !== null) {
    const text = view.fields.get(coding.field)?.data ?? "";
    const words = text.slice(toUnit(text, coding.start), toUnit(text, coding.end));
    return [" ", h("q", { dir: "auto" }, shortened(words, EXCERPT))];
  }
  return coding.media_id && coding.w !== null ? [h("span", { class: "sign" }, ` ▣ ${coding.w} × ${coding.h}`)] : [];
}

function second(app: App, coding: Coding): (Node | string)[] {
  if (!coding.second_item) return [];
  const item = itemOf(app.state, coding.second_item);
  const words = item ? shortened(item.text || item.title, EXCERPT) : coding.second_item;
  return [" ▸ ", h("q", { dir: "auto" }, words)];
}

/** The coding a memo is written on: the chip that has the focus, else what stands on the span or region marked. */
export function codingInHand({ state }: App): string {
  const chip = document.activeElement?.closest<HTMLElement>("[data-key-of]")?.dataset["keyOf"];
  if (chip || (state.mode.name !== "span" && state.mode.name !== "region")) return chip ?? "";
  const here = target(state);
  const keys = codingsOf(state, here.item_id).map((coding) => keyOf(coding.code_id, targetOf(coding)));
  return keys.find((key) => codesMarked(key) === codesMarked(keyOf("", here))) ?? "";
}

/** The key of a coding without its code. */
function codesMarked(key: string): string {
  const parts = JSON.parse(key) as unknown[];
  return JSON.stringify([parts[0], ...parts.slice(2)]);
}
