// What does a code mean? Its definition, when to use it and when not, an example, and the items that show it best.
import type { App } from "./app";
import { h } from "./dom";
import { codeClass } from "./marks";
import { codeOf, itemOf, place, type State } from "./state";
import { shortened } from "./text";
import type { Code } from "./types";
import { nameOf, t } from "./words";

const EXCERPT = 70; // characters

export class DefinitionView {
  private shown = "";

  constructor(private readonly app: App, private readonly root: HTMLElement) {}

  readonly draw = (state: State, before: State | null): void => {
    if (before && state.looked === this.shown && before.threads === state.threads) return;
    const code = codeOf(state, state.looked);
    if (state.looked !== this.shown) this.root.scrollTop = 0;
    this.shown = state.looked;
    this.root.replaceChildren(...(code ? this.page(state, code) : [h("p", { class: "waiting" }, t("look_hint"))]));
  };

  private page(state: State, code: Code): HTMLElement[] {
    const part = (name: string, words: string): HTMLElement[] =>
      words ? [h("p", { dir: "auto" }, h("strong", {}, `${t(name)} `), words)] : [];
    return [
      h("h3", { class: codeClass(this.app, code.id) }, h("span", { class: "swatch" }), nameOf(code)),
      ...(code.definition ? [h("p", { dir: "auto" }, code.definition)] : []),
      ...part("use_when", code.use_when), ...part("not_when", code.not_when), ...part("example", code.example),
      ...(code.anchors.length ? [h("p", {}, h("strong", {}, t("anchors")))] : []),
      ...code.anchors.map((anchor) => this.anchor(state, anchor)),
    ];
  }

  private anchor(state: State, id: string): HTMLElement {
    const item = itemOf(state, id);
    const words = item ? shortened(item.text || item.title, EXCERPT) : id;
    if (place(state, id) < 0) {
      return h("p", { class: "anchor" }, h("a", { href: `/items/${encodeURIComponent(id)}` }, words));
    }
    return h("p", { class: "anchor" },
      h("button", { type: "button", dir: "auto", onclick: () => void this.app.go(id) }, words));
  }
}
