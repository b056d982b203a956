// Which codes are there? By facet, each with its key, name and colour; those that stand on what is marked are pressed.
import { codingHere, press } from "./applying";
import type { App } from "./app";
import { h, kbd } from "./dom";
import { codeOf, codingsOf, type State } from "./state";
import type { Code, Facet } from "./types";
import { nameOf, t } from "./words";

export class CodebookView {
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly filter = h("input", { id: "codebook-filter", type: "search", autocomplete: "off", placeholder: t("filter"), "aria-label": t("filter") });
  private readonly list = h("div", { class: "facets" });

  constructor(private readonly app: App, root: HTMLElement) {
    root.append(h("div", { class: "filter" }, this.filter, kbd("/")), this.list);
    this.filter.addEventListener("input", () => app.store.set({ filter: this.filter.value }));
    this.filter.addEventListener("keydown", (event) => this.filterKey(event));
    this.list.addEventListener("keydown", (event) => this.listKey(event));
    // A click leaves the focus with the item, so that the next key is not heard by the button.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    const { facets, codes } = app.state.overview.codebook;
    const shown = codes.filter((code) => code.active);
    this.list.append(...facets.flatMap((facet) => {
      const own = shown.filter((code) => code.facet === facet.id);
      return own.length ? [this.facet(facet, own)] : [];
    }));
    if (!shown.length) this.list.append(h("p", { class: "waiting" }, t("no_codes")));
  }

  readonly draw = (state: State, before: State | null): void => {
    if (!before || before.filter !== state.filter) this.filtered(state.filter);
    if (!before || before.folded !== state.folded) {
      for (const facet of this.list.querySelectorAll<HTMLElement>("[data-facet]")) {
        const folded = state.folded.has(facet.dataset["facet"]!);
        facet.classList.toggle("folded", folded);
        facet.querySelector("button")?.setAttribute("aria-expanded", String(!folded));
      }
    }
    const wanted = state.mode.name === "relation" ? state.mode.code : "";
    const onItem = new Set(codingsOf(state, state.cursor).map((coding) => coding.code_id));
    const first = this.visible()[0]?.dataset["code"] ?? "";
    for (const [id, button] of this.buttons) {
      button.setAttribute("aria-pressed", String(codingHere(state, id) !== undefined));
      button.classList.toggle("somewhere", onItem.has(id));
      button.classList.toggle("wanted", id === wanted);
      button.classList.toggle("looked", id === state.looked);
      button.tabIndex = id === (this.buttons.has(state.looked) ? state.looked : first) ? 0 : -1;
    }
  };

  private facet(facet: Facet, codes: Code[]): HTMLElement {
    const top = codes.filter((code) => !codes.some((other) => other.id === code.parent));
    const fold = (): void => {
      const folded = new Set(this.app.state.folded);
      if (!folded.delete(facet.id)) folded.add(facet.id);
      this.app.store.set({ folded });
    };
    const title = `facet-${facet.id}`;
    return h("section", { class: "facet", "data-facet": facet.id, "aria-labelledby": title },
      h("h3", {}, h("button", { type: "button", id: title, onclick: fold, "aria-expanded": true }, nameOf(facet))),
      this.branch(top, codes));
  }

  private branch(codes: Code[], all: Code[]): HTMLElement {
    return h("ul", {}, ...codes.map((code) => {
      const nested = all.filter((other) => other.parent === code.id);
      return h("li", { class: nested.length ? "nest" : null }, this.button(code), nested.length ? this.branch(nested, all) : null);
    }));
  }

  private button(code: Code): HTMLButtonElement {
    const at = this.app.state.overview.codebook.codes.indexOf(code);
    const made = h("button", {
      type: "button", class: `code code-${at}`, "data-code": code.id, tabindex: -1, "aria-keyshortcuts": code.key || null,
      onclick: () => press(this.app, code.id),
      onpointerenter: () => this.app.store.set({ looked: code.id }),
      onfocus: () => this.app.store.set({ looked: code.id }),
    }, code.key ? kbd(code.key) : h("span", { class: "dot" }), h("span", { class: "name" }, nameOf(code)),
    code.second_item && h("span", { class: "sign" }, " ▸"));
    this.buttons.set(code.id, made);
    return made;
  }

  private filtered(filter: string): void {
    if (this.filter.value !== filter) this.filter.value = filter;
    const wanted = filter.trim().toLocaleLowerCase();
    for (const [id, button] of this.buttons) {
      const code = codeOf(this.app.state, id)!;
      const words = [code.name, code.name_zh, code.id, code.key].map((word) => word.toLocaleLowerCase());
      button.hidden = wanted !== "" && !words.some((word) => word.includes(wanted));
    }
    this.list.classList.toggle("filtered", wanted !== "");
    for (const part of this.list.querySelectorAll<HTMLElement>("section, li, ul")) {
      part.hidden = !part.querySelector("button.code:not([hidden])");
    }
  }

  private visible(): HTMLButtonElement[] {
    const all = this.list.classList.contains("filtered"); // what is folded is found nevertheless
    return [...this.buttons.values()].filter((button) => !button.hidden && (all || !button.closest(".folded")));
  }

  /** Enter applies the first code that is left, Escape goes back to the item, arrow down into the list. */
  private filterKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const first = this.visible()[0];
    if (event.key === "Escape" || (event.key === "Enter" && first)) {
      this.app.store.set({ filter: "" });
      backToItem();
      if (event.key === "Enter" && first) press(this.app, first.dataset["code"]!);
    } else if (event.key === "ArrowDown") {
      first?.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Arrows go through the codes, Space shows what a code means, Enter applies it. */
  private listKey(event: KeyboardEvent): void {
    const button = (event.target as Element).closest<HTMLButtonElement>("button.code");
    if (!button) return;
    const all = this.visible();
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (by) all[(all.indexOf(button) + by + all.length) % all.length]?.focus();
    else if (event.key === " ") this.app.store.set({ looked: button.dataset["code"]! });
    else return;
    event.preventDefault();
  }
}

export function backToItem(): void {
  document.querySelector<HTMLElement>('.feed [tabindex="0"]')?.focus({ preventScroll: true });
}
