// Which keys are there? All of them, commands and codes, in a dialog; and what was not accepted, in another.
import { inWords } from "./refusals";
import type { App } from "./app";
import { h, kbd } from "./dom";
import { COMMANDS, type Keys } from "./keys";
import type { State } from "./state";
import { nameOf, t } from "./words";

const SHOWN: Record<string, string> = { " ": "Space", Escape: "Esc" };

function closing(): HTMLElement {
  return h("form", { method: "dialog" }, h("button", { class: "primary", autofocus: true }, t("close")));
}

function rows(pairs: [string, string][]): HTMLElement {
  return h("dl", {}, ...pairs.flatMap(([key, words]) => [h("dt", {}, kbd(SHOWN[key] ?? key)), h("dd", {}, words)]));
}

export function helpDialog(app: App, keys: Keys): HTMLDialogElement {
  const commands = COMMANDS.flatMap((one): [string, string][] =>
    keys.of(one.name) ? [[keys.of(one.name), t(`do_${one.name}`)]] : []);
  const within: [string, string][] = [
    ["← →", t("key_word")], ["Alt ← →", t("key_character")], ["↑ ↓", t("key_sentence")], ["Shift", t("key_extend")],
    ["Del", t("key_delete")], ["Ctrl Enter", t("key_save")],
  ];
  const codes = app.state.overview.codebook.codes.filter((code) => code.active && code.key)
    .map((code): [string, string] => [code.key, nameOf(code)]);
  return h("dialog", { id: "coding-help", "aria-labelledby": "coding-help-title" },
    h("h2", { id: "coding-help-title" }, t("keys")),
    h("div", { class: "key-columns", tabindex: 0 },
      h("section", {}, h("h3", {}, t("keys_everywhere")), rows(commands)),
      h("section", {}, h("h3", {}, t("keys_marking")), rows(within)),
      h("section", {}, h("h3", {}, t("codebook")), rows(codes))),
    h("p", { class: "hint" }, t("keys_taken")), closing());
}

/** What the server would not accept: said, kept here, and put aside only by the coder. */
export class RefusedView {
  readonly dialog = h("dialog", { id: "coding-refused", "aria-labelledby": "coding-refused-title" });

  constructor(private readonly app: App) {}

  readonly draw = (state: State, before: State | null): void => {
    if (before && before.refused === state.refused) return;
    if (before && JSON.stringify(before.refused) === JSON.stringify(state.refused)) return;
    if (!state.refused.length && this.dialog.open) this.dialog.close();
    this.dialog.replaceChildren(h("h2", { id: "coding-refused-title" }, t("refused_title")),
      h("p", {}, t("refused_why")),
      h("ul", { class: "list" }, ...state.refused.map(({ act, faults }) => h("li", {},
        h("strong", {}, inWords(state, act)), h("br"),
        faults.map((fault) => fault.message).join(" "), " ",
        h("button", { type: "button", onclick: () => this.dismiss(act.act) }, t("dismiss"))))),
      closing());
  };

  private dismiss(id: string): void {
    this.app.queue.dismiss(id);
    this.app.store.set({ refused: this.app.queue.refused() });
  }
}
