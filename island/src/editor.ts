// Where is a memo, an argument or another group written? In a form within the item; what is typed is kept until saved.
import { keyOf, targetOf } from "./acts";
import { described } from "./applying";
import type { App } from "./app";
import { h } from "./dom";
import { uuid7 } from "./ids";
import { notesOf } from "./notes";
import { codeOf, codingsOf, type Editor, othersOn } from "./state";
import { shortened, toUnit } from "./text";
import type { Coding, Item } from "./types";
import { kindOf, nameOf, t } from "./words";

/** The form, with what was typed before in it. */
export function editorFor(app: App, editor: Editor, item: Item): HTMLFormElement {
  if (editor.kind === "group") return groupForm(app, item);
  return editor.kind === "argument" ? argumentForm(app, item) : memoForm(app, editor, item);
}

function form(app: App, title: string, save: () => boolean, ...fields: (HTMLElement | null)[]): HTMLFormElement {
  const close = (): void => app.store.set({ editor: null });
  const made = h("form", {
    class: "editor", "aria-label": title, "data-plain": true,
    onsubmit: (event: SubmitEvent) => {
      event.preventDefault();
      if (save()) close();
    },
    onkeydown: (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) made.requestSubmit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  },
  h("strong", {}, title), ...fields,
  h("p", { class: "buttons" },
    h("button", { class: "primary" }, t("save")), h("button", { type: "button", onclick: close }, t("cancel")),
    h("span", { class: "hint" }, t("editor_keys"))));
  return made;
}

function labelled(label: string, control: HTMLElement): HTMLElement {
  return h("label", {}, label, control);
}

/** A text that is kept as a draft until it is saved, whatever happens to the page. */
function draft(app: App, name: string, before: string): { area: HTMLTextAreaElement; done: () => void } {
  const key = `${app.queue.name}:draft:${name}`;
  const area = h("textarea", { rows: 3, "data-first": true, dir: "auto", required: before === "" });
  area.value = sessionStorage.getItem(key) ?? before;
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
  return { area, done: () => sessionStorage.removeItem(key) };
}

/** A memo on the item, or on one of its codings: which, is chosen above the words. */
function memoForm(app: App, editor: Editor, item: Item): HTMLFormElement {
  const { state } = app;
  const codings = codingsOf(state, item.item_id).filter((coding) => !coding.nothing_applies);
  const about = h("select", {}, h("option", { value: "" }, t(item.kind)), ...codings.map((coding) =>
    h("option", { value: keyOf(coding.code_id, targetOf(coding)) }, labelOf(app, item, coding))));
  about.value = codings.some((coding) => keyOf(coding.code_id, targetOf(coding)) === editor.about) ? editor.about : "";
  const note = notesOf(state, item.item_id).find((one) => one.type === "memo" && one.coder === state.overview.coder);
  const chosen = (): Coding | undefined => codings.find((one) => keyOf(one.code_id, targetOf(one)) === about.value);
  let words = draft(app, `memo:${item.item_id}:${about.value}`, chosen()?.memo ?? note?.text ?? "");
  about.addEventListener("change", () => {
    const coding = chosen();
    const other = draft(app, `memo:${item.item_id}:${about.value}`, (coding ? coding.memo : note?.text) ?? "");
    words.area.replaceWith(other.area);
    words = other;
  });
  const save = (): boolean => {
    const coding = chosen();
    const text = words.area.value.trim();
    if (coding) {
      app.act({ do: "set", code_id: coding.code_id, ...targetOf(coding), memo: text });
    } else if (text || note) {
      app.act({ do: "note", memo_id: note?.memo_id ?? uuid7(), about: note?.about ?? [item.item_id], text });
    }
    words.done();
    return true;
  };
  const label = labelled(t("memo"), words.area);
  return form(app, t("memo"), save, codings.length ? labelled(t("about"), about) : null, label);
}

function labelOf(app: App, item: Item, coding: Coding): string {
  const text = coding.field === "title" ? item.title : coding.field === "text" ? item.text : "";
  if (!text || coding.start === null || coding.end === null) return described(app.state, coding);
  const words = text.slice(toUnit(text, coding.start), toUnit(text, coding.end));
  return `${described(app.state, coding)}: ${shortened(words, 24)}`;
}

/** In a round that is read together: an argument, or that one has changed one's mind, and why. */
function argumentForm(app: App, item: Item): HTMLFormElement {
  const words = draft(app, `argument:${item.item_id}`, "");
  const codes = new Set([...codingsOf(app.state, item.item_id), ...othersOn(app.state, item.item_id)].map((one) => one.code_id));
  const about = h("select", {}, h("option", { value: "" }, t(item.kind)), ...[...codes].flatMap((id) => {
    const code = codeOf(app.state, id);
    return code ? [h("option", { value: id }, nameOf(code))] : [];
  }));
  const changed = h("input", { type: "checkbox" });
  const save = (): boolean => {
    const text = words.area.value.trim();
    if (!text) return false;
    app.act({ do: changed.checked ? "changed_mind" : "argue", memo_id: uuid7(), about: [item.item_id, about.value].filter(Boolean), text });
    words.done();
    return true;
  };
  const label = h("label", { class: "check" }, changed, t("i_changed_my_mind"));
  return form(app, t("argument"), save, codes.size ? labelled(t("about"), about) : null,
    labelled(t("argument_why"), words.area), label);
}

/** The group and kind of an author, as a person sees it; the reason is on the record. */
function groupForm(app: App, item: Item): HTMLFormElement {
  const { overview, authors } = app.state;
  const known = { ...item, ...authors.get(item.author) };
  const group = select([["", t("as_by_rules")], ...overview.groups.map((one) => [one.id, one.name] as const)], known.group);
  const kinds = overview.actor_types.map((kind) => [kind, kindOf(kind)] as const);
  const kind = select([["", t("as_by_rules")], ...kinds], known.actor_type);
  group.setAttribute("data-first", "");
  const { area: reason, done } = draft(app, `group:${item.author}`, "");
  reason.removeAttribute("data-first");
  const save = (): boolean => {
    app.act({ do: "group", author: item.author, group: group.value, actor_type: kind.value, reason: reason.value.trim() });
    done();
    return true;
  };
  return form(app, `${t("group_of")} ${item.author}`, save, labelled(t("group"), group), labelled(t("actor_type"), kind),
    labelled(t("reason"), reason));
}

function select(options: readonly (readonly [string, string])[], value: string): HTMLSelectElement {
  const made = h("select", {}, ...options.map(([id, name]) => h("option", { value: id }, name)));
  made.value = value !== "unknown" && options.some(([id]) => id === value) ? value : "";
  return made;
}
