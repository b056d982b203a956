// Where am I, and is everything saved? The line above all, the line beneath the text, and the commands.
import type { App } from "./app";
import { h, kbd } from "./dom";
import { COMMANDS, type Keys } from "./keys";
import { codeOf, itemIn, open, place, readCount, shownPost, type State, textOf } from "./state";
import { rangeOf } from "./span";
import { shortened } from "./text";
import { nameOf, t } from "./words";

export class BarView {
  private readonly where = h("span", { class: "where" });
  private readonly progress = h("progress", { "aria-label": t("progress") });
  private readonly saved = h("button", { type: "button", class: "saved" });
  private readonly finish = h("button", { type: "button", class: "finish" });
  private announced = "";

  constructor(private readonly app: App, root: HTMLElement, private readonly announcer: HTMLElement) {
    root.append(this.where, this.progress, this.saved, this.finish);
    this.saved.addEventListener("click", () => {
      if (app.state.saving === "old") location.reload();
      else if (app.state.refused.length) document.querySelector<HTMLDialogElement>("#coding-refused")?.showModal();
      else app.sender.wake();
    });
    this.finish.addEventListener("click", () => app.act({ do: app.state.finished ? "resume" : "finish" }));
  }

  readonly draw = (state: State): void => {
    const { round, items } = state.overview;
    const n = readCount(state);
    this.where.replaceChildren(h("strong", {}, round.title || round.id), " · ",
      t("item_of", { at: place(state, state.cursor) + 1, all: items.length }), " · ",
      h("span", { class: "count-read" }, t("read_of", { n })));
    this.progress.max = items.length || 1;
    this.progress.value = n;
    this.finish.hidden = !open(state) || (!state.finished && n < items.length);
    this.finish.textContent = t(state.finished ? "resume" : "finish");
    const [style, words] = this.standing(state);
    this.saved.className = `saved ${style}`;
    this.saved.textContent = words;
    this.saved.disabled = style === "good" || style === "busy";
    if (style !== "busy") this.announce(words);
  };

  private standing(state: State): [string, string] {
    if (!open(state)) return ["good", t(`state_${state.overview.round.state}`)];
    const n = state.pending.length;
    const kept = t(this.app.queue.kept ? "kept_here" : "kept_in_tab", { n });
    if (state.saving === "out") return ["bad", `${t("not_saved")} · ${kept} · ${t("out")}`];
    if (state.saving === "old") return ["bad", `${t("not_saved")} · ${kept} · ${t("old")}`];
    if (n && (state.saving === "lost" || state.saving === "refused")) {
      return ["bad", `${t("not_saved")} · ${kept} · ${state.faults[0]?.message ?? t("trying")}`];
    }
    if (state.refused.length) return ["bad", t("refused", { n: state.refused.length })];
    return n ? ["busy", t("saving")] : ["good", t("saved")];
  }

  /** Screen readers are told when it changes between saved and not, not at each key. */
  private announce(words: string): void {
    if (words === this.announced) return;
    this.announced = words;
    this.announcer.textContent = words;
  }
}

/** What is under way, in one line that is always there, so that nothing moves. */
export class LineView {
  constructor(private readonly root: HTMLElement) {}

  readonly draw = (state: State): void => {
    const words = state.notice || hint(state);
    this.root.classList.toggle("active", state.mode.name !== "read" && !state.notice);
    this.root.classList.toggle("said", state.notice !== "");
    if (this.root.textContent !== words) this.root.textContent = words;
  };
}

function hint(state: State): string {
  const { mode } = state;
  if (mode.name === "span") {
    const { start, end } = rangeOf(mode.span);
    return t("in_span", { words: shortened(textOf(state, mode.span.item, mode.span.field).slice(start, end), 40) });
  }
  if (mode.name === "region") {
    const { x, y, w, h: height } = mode.region;
    return t("in_region", { x, y, w, h: height });
  }
  if (mode.name === "relation") {
    const code = codeOf(state, mode.code);
    const item = itemIn(state.threads.get(shownPost(state)), mode.candidate);
    const words = item ? shortened(item.text || item.title, 40) : "…";
    return t("in_relation", { code: code ? nameOf(code) : mode.code, words });
  }
  return mode.name === "look" ? t("in_look") : "";
}

/** The commands as buttons, each with the key it has beside this codebook. */
export class CommandsView {
  private readonly buttons = new Map<string, HTMLButtonElement>();

  constructor(app: App, keys: Keys, root: HTMLElement) {
    const shown = ["nothing", "span", "region", "memo", "argue", "group", "undo", "translations", "help"];
    for (const command of COMMANDS.filter((one) => shown.includes(one.name) && one.when?.(app.state) !== false)) {
      const key = keys.of(command.name);
      const made = h("button", { type: "button", onclick: () => command.run(app), "aria-keyshortcuts": key || null },
        key ? kbd(key) : null, t(`do_${command.name}`));
      this.buttons.set(command.name, made);
      root.append(made);
    }
    root.addEventListener("mousedown", (event) => event.preventDefault());
  }

  readonly draw = (state: State): void => {
    const pressed: Record<string, boolean> = {
      span: state.mode.name === "span", region: state.mode.name === "region", translations: state.translations,
    };
    for (const [name, value] of Object.entries(pressed)) this.buttons.get(name)?.setAttribute("aria-pressed", String(value));
    const codings = state.pending.some((act) => "item_id" in act);
    this.buttons.get("undo")?.toggleAttribute("disabled", !state.canUndo && !codings);
  };
}
