// How is a post or comment shown? Its words once, as text nodes that never change; codes and notes around them.
import type { Act } from "./acts";
import { h } from "./dom";
import { editorFor } from "./editor";
import type { App } from "./app";
import { drawMarks } from "./marks";
import { drawNotes } from "./notes";
import { Pictures } from "./picture";
import { codingsOf, othersOn, place, type State } from "./state";
import type { Coding, Item, Thread, Translation } from "./types";
import { kindOf, number, t } from "./words";

const DEEPEST = 6;

/** Whether acts of this kind came or went. */
function underWay(before: State, state: State, of: (act: Act) => boolean): boolean {
  return before.pending !== state.pending && (before.pending.some(of) || state.pending.some(of));
}

export class ItemView {
  readonly element: HTMLElement;
  /** The text nodes by field. */
  readonly fields = new Map<string, Text>();
  readonly pictures: Pictures;
  private readonly mark = h("span", { class: "mark-read" });
  private readonly by = h("span", { class: "by" });
  private readonly marks = h("div", { class: "marks" });
  private readonly notes = h("div", { class: "notes" });
  private readonly editor = h("div", { class: "slot" });
  private readonly translated = h("div", { class: "translations", hidden: true });

  constructor(private readonly app: App, readonly item: Item, private readonly thread: Thread) {
    this.pictures = new Pictures(app, item, thread.media);
    const isPost = item.kind === "post";
    const depth = isPost ? 0 : Math.min(Math.max((item.depth ?? 1) - 1, 0), DEEPEST);
    this.element = h("article", {
      class: `item ${item.kind} depth-${depth}${this.mine ? "" : " context"}`, tabindex: -1, "data-item": item.item_id,
    });
    const about = h("header", {}, this.mark, this.by, this.time(), this.counts(), this.tags(),
      this.mine ? null : h("em", {}, t("context")));
    const words = h("div", { class: "said" }, this.field("title", isPost ? "h2" : "p"), this.field("text", "div"));
    this.element.append(about, this.pictures.element, this.elsewhere() ?? "", words, this.translated, this.marks,
      this.notes, this.editor);
    this.translations(thread.translations[item.item_id] ?? []);
  }

  /** Whether it is this coder's to code; others give context and may be second items. */
  get mine(): boolean {
    return place(this.app.state, this.item.item_id) >= 0;
  }

  draw(state: State, before: State | null): void {
    const id = this.item.item_id;
    const candidate = state.mode.name === "relation" && state.mode.candidate === id;
    this.element.toggleAttribute("data-candidate", candidate);
    if (state.cursor === id) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
    const focusable = candidate || (state.cursor === id && state.mode.name !== "relation");
    this.element.tabIndex = focusable ? 0 : -1;
    const own = codingsOf(state, id);
    if (!before || own !== codingsOf(before, id) || before.overview !== state.overview) this.coded(state, own);
    const { author } = this.item;
    if (!before || before.authors !== state.authors || underWay(before, state, (act) => "author" in act && act.author === author)) {
      this.signed(state);
    }
    if (!before || before.notes !== state.notes || underWay(before, state, (act) => "about" in act && act.about.includes(id))) {
      drawNotes(this.notes, this.item, this.thread, state);
    }
    this.translated.hidden = !state.translations || !this.translated.childElementCount;
    this.pictures.draw(state, own);
    this.edited(state, before);
  }

  private coded(state: State, own: readonly Coding[]): void {
    drawMarks(this.app, this.marks, this, own, othersOn(state, this.item.item_id));
    if (!this.mine) return;
    const nothing = own.some((coding) => coding.nothing_applies);
    const says = t(nothing ? "nothing" : own.length ? "read" : "unread");
    this.mark.className = `mark-read ${nothing ? "none" : own.length ? "yes" : "no"}`;
    this.mark.title = says;
    this.mark.replaceChildren(h("span", { class: "unseen" }, says));
  }

  private edited(state: State, before: State | null): void {
    const shown = state.editor?.item === this.item.item_id ? state.editor : null;
    const was = before?.editor?.item === this.item.item_id ? before.editor : null;
    if (shown === was) return;
    const held = this.editor.contains(document.activeElement);
    this.editor.replaceChildren();
    if (shown) {
      const form = editorFor(this.app, shown, this.item);
      this.editor.append(form);
      form.querySelector<HTMLElement>("[data-first]")?.focus();
      form.scrollIntoView({ block: "nearest" });
    } else if (held) {
      this.element.focus({ preventScroll: true });
    }
  }

  private signed(state: State): void {
    const { item } = this;
    let known: { group: string; actor_type: string } = { ...item, ...state.authors.get(item.author) };
    for (const act of state.pending) if (act.do === "group" && act.author === item.author) known = act;
    const group = state.overview.groups.find((one) => one.id === known.group)?.name ?? known.group;
    const kind = known.actor_type && known.actor_type !== "unknown" ? kindOf(known.actor_type) : "";
    const unknown = !group || group === "unknown";
    this.by.replaceChildren(
      h("span", { class: "author" }, item.author || t("author_unknown")),
      h("span", { class: "group" }, unknown ? t("group_unknown") : group),
      ...(kind ? [h("span", { class: "group" }, kind)] : []));
    this.element.setAttribute("aria-label", `${t(item.kind)}, ${item.author}, ${unknown ? "" : group}`);
  }

  private field(name: "title" | "text", tag: "h2" | "p" | "div"): HTMLElement | null {
    const text = this.item[name];
    return text ? this.words(name, text, this.item.language, tag, name) : null;
  }

  private words(field: string, text: string, language: string, tag: "h2" | "p" | "div", style: string): HTMLElement {
    const node = document.createTextNode(text);
    this.fields.set(field, node);
    const lang = /^[a-z]{2,3}(-\w+)*$/i.test(language) && language !== "und" ? language : null;
    return h(tag, { class: style, dir: "auto", lang, "data-field": field }, node);
  }

  private time(): HTMLElement | null {
    const { published_at, shown, time_basis } = this.item;
    if (!published_at) return h("span", { class: "time" }, t("time_unknown"));
    const basis = time_basis === "id_lower_bound" ? "≥ " : "";
    return h("time", { datetime: published_at, title: published_at }, basis + (shown || published_at));
  }

  private counts(): HTMLElement {
    const signs: Record<string, string> = { exact: "", rounded: "≈ ", at_least: "≥ " };
    const counts = Object.entries(this.item.counts).flatMap(([name, [value, bound]]) => {
      if (value === null) return [];
      return [h("span", { class: "count" }, t(`count_${name}`), " ", (signs[bound] ?? "") + number(value))];
    });
    return h("span", { class: "counts" }, ...counts);
  }

  private tags(): HTMLElement | null {
    const tags = this.item.kind === "post" ? this.item.hashtags : [];
    return tags.length ? h("span", { class: "tags" }, ...tags.map((tag) => h("bdi", {}, `#${tag} `))) : null;
  }

  private elsewhere(): HTMLElement | null {
    const n = this.item.elsewhere ?? 0;
    return n ? h("p", { class: "aside" }, t("media_elsewhere", { n })) : null;
  }

  private translations(given: Translation[]): void {
    const order = [...given].sort((a, b) => Number(b.accepted) - Number(a.accepted));
    this.translated.append(...order.map((one) => h("figure", { class: one.accepted ? "accepted" : "" },
      h("figcaption", {},
        h("span", { class: "engine" }, [one.engine, one.version].filter(Boolean).join(" ")),
        ` ${one.language} ${one.made_on.slice(0, 10)}`,
        one.field === "title" && ` · ${t("of_title")}`,
        one.accepted && h("strong", {}, ` ✓ ${t("accepted")}`)),
      this.words(`translation:${one.translation_id}`, one.text, one.language, "div", "text"))));
  }
}
