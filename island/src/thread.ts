// What is read: a post and its comments, one item in hand.
import type { App } from "./app";
import { h } from "./dom";
import { highlightCodes, highlightHand } from "./highlights";
import { ItemView } from "./item";
import { type Span, spanOver } from "./span";
import { open, place, shownItem, shownPost, type State } from "./state";
import { type Coding, itemsOf, type Thread } from "./types";
import { t } from "./words";

const MARGIN = 48; // pixels of the screen that stay free around a span

export class ThreadView {
  private views = new Map<string, ItemView>();
  private thread: Thread | undefined;
  private pointed: Coding | null = null;

  constructor(private readonly app: App, private readonly feed: HTMLElement) {
    feed.addEventListener("click", (event) => this.clicked(event));
    feed.addEventListener("mouseup", () => setTimeout(() => this.selected()));
    feed.addEventListener("point", (event) => {
      this.pointed = (event as CustomEvent<Coding | null>).detail;
      highlightHand(this.app.state, this.views, this.pointed);
    }, { capture: true });
  }

  readonly draw = (state: State, before: State | null): void => {
    const thread = state.threads.get(shownPost(state));
    const fresh = thread !== this.thread;
    if (fresh) this.build(thread);
    const said = !before || fresh || before.saved !== state.saved || before.pending !== state.pending;
    const noted = said || before.notes !== state.notes || before.authors !== state.authors ||
      before.translations !== state.translations;
    const views = noted ? [...this.views.values()] : this.inHand(state, before);
    for (const view of views) view.draw(state, fresh ? null : before);
    if (said) highlightCodes(state, [...this.views.values()]);
    if (said || before.mode !== state.mode) highlightHand(state, this.views, this.pointed);
    if (fresh || !before || shownItem(before) !== shownItem(state)) this.reach(state, fresh);
    if (before && before.mode !== state.mode && state.mode.name === "span") this.reveal(state.mode.span);
  };

  /** The items that moving, marking and writing are about, now and before. */
  private inHand(state: State, before: State): ItemView[] {
    const ids = [state, before].flatMap((one) => [one.cursor, shownItem(one), one.editor?.item ?? ""]);
    return [...new Set(ids)].flatMap((id) => this.views.get(id) ?? []);
  }

  /** Bring a span into sight, if it is not. */
  private reveal(span: Span): void {
    const node = this.views.get(span.item)?.fields.get(span.field);
    if (!node) return;
    const range = document.createRange();
    range.setStart(node, Math.min(span.focus.start, node.data.length));
    range.setEnd(node, Math.min(span.focus.end, node.data.length));
    const [box, frame] = [range.getBoundingClientRect(), this.feed.getBoundingClientRect()];
    const below = box.bottom + MARGIN - frame.bottom;
    const above = frame.top + MARGIN - box.top;
    if (box.height && (below > 0 || above > 0)) this.feed.scrollBy(0, above > 0 ? -above : below);
  }

  private build(thread: Thread | undefined): void {
    const sameThread = thread !== undefined && this.views.has(itemsOf(thread)[0]?.item_id ?? "");
    const top = this.feed.scrollTop;
    this.thread = thread;
    this.pointed = null;
    this.views = new Map();
    if (!thread) {
      this.feed.replaceChildren(h("p", { class: "waiting" }, t("loading")));
      return;
    }
    for (const item of itemsOf(thread)) this.views.set(item.item_id, new ItemView(this.app, item, thread));
    const elements = [...this.views.values()].map((view) => view.element);
    const above = elements.splice(0, thread.post ? 1 : 0);
    this.feed.replaceChildren(...above, this.heading(thread), ...elements);
    this.feed.scrollTop = sameThread ? top : 0;
  }

  private heading(thread: Thread): HTMLElement {
    const n = thread.comments.length;
    const declared = thread.declared_comments;
    return h("h3", { class: "comments" }, declared !== null && declared > n
      ? t("comments_of", { n, all: declared }) : n ? t("comments", { n }) : t("no_comments"));
  }

  /** Bring the item in hand into sight, and the focus to it. */
  private reach(state: State, fresh: boolean): void {
    const view = this.views.get(shownItem(state));
    if (!view) return;
    const { element } = view;
    if (!(document.activeElement?.closest("form, dialog, input"))) element.focus({ preventScroll: true });
    const tall = element.offsetHeight > this.feed.clientHeight;
    const first = fresh && view.item.kind === "post";
    element.scrollIntoView({ block: first || tall ? "start" : "nearest" });
    if (state.mode.name !== "relation") history.replaceState(null, "", `#${encodeURIComponent(state.cursor)}`);
  }

  /** A click takes an item in hand; while a second one is chosen, it chooses. */
  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const item = target.closest<HTMLElement>("[data-item]")?.dataset["item"];
    if (!item || target.closest("button, a, form, video, svg") || !getSelection()?.isCollapsed) return;
    const { mode, cursor } = this.app.state;
    if (mode.name === "relation") this.app.store.set({ mode: { ...mode, candidate: item } });
    else if (place(this.app.state, item) >= 0 && item !== cursor) void this.app.go(item);
    else if (mode.name === "span" && item === cursor) this.app.store.set({ mode: { name: "read" } });
  }

  /** Words marked with the mouse are a span. */
  private selected(): void {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !open(this.app.state)) return;
    const range = selection.getRangeAt(0);
    const home = (range.commonAncestorContainer.parentElement ?? this.feed).closest<HTMLElement>("[data-field]")
      ?? (range.startContainer.parentElement ?? this.feed).closest<HTMLElement>("[data-field]");
    const item = home?.closest<HTMLElement>("[data-item]")?.dataset["item"];
    const field = home?.dataset["field"];
    const node = item && field ? this.views.get(item)?.fields.get(field) : undefined;
    if (!item || !field || !node || place(this.app.state, item) < 0) return;
    const start = range.startContainer === node ? range.startOffset : 0;
    const end = range.endContainer === node ? range.endOffset : node.data.length;
    const span = spanOver(item, field, node.data, start, end);
    if (span) this.app.store.set({ cursor: item, mode: { name: "span", span }, notice: "" });
  }
}
