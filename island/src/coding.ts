// The coding screen: a thread at the left, the codebook at the right, and keys. The state is one, and is drawn one way:
// keys and clicks -> acts -> queue -> state -> views; the server's answers go the same way.
import { Api, Failure } from "./api";
import { App } from "./app";
import { BarView, CommandsView, LineView } from "./bar";
import { CodebookView } from "./codebook";
import { useColours } from "./colours";
import { DefinitionView } from "./definition";
import { h } from "./dom";
import { helpDialog, RefusedView } from "./help";
import { Keys, listen } from "./keys";
import { Queue } from "./queue";
import { place, shownPost, Store } from "./state";
import { ThreadView } from "./thread";
import type { Overview } from "./types";
import { t, useWords } from "./words";

function begin(root: HTMLElement): void {
  const data = (name: string): string => root.dataset[name] ?? "";
  useWords(JSON.parse(data("words")) as Record<string, string>, data("language"));
  const api = new Api(data("round"), data("version"));
  void ask(root, api, data("study"));
}

/** Ask for the round until it is here, and say meanwhile what is wrong. */
async function ask(root: HTMLElement, api: Api, study: string): Promise<void> {
  try {
    show(root, api, study, await api.overview());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = error.faults.map((fault) => fault.message).join(" ");
    root.replaceChildren(h("p", { class: "waiting" }, error.trouble === "out" ? t("out_long") : why || t("thread_lost")));
    if (error.trouble === "lost") setTimeout(() => void ask(root, api, study), 1500);
  }
}

function show(root: HTMLElement, api: Api, study: string, overview: Overview): void {
  const queue = new Queue(study, overview.coder, overview.round.id);
  const store = new Store({
    overview, threads: new Map(), saved: new Map(), notes: new Map(), authors: new Map(), pending: queue.acts(),
    refused: queue.refused(), saving: queue.acts().length ? "saving" : "saved", faults: [], cursor: first(overview),
    mode: { name: "read" }, looked: "", filter: "", folded: new Set(), translations: false, zoomed: false, editor: null,
    notice: "", canUndo: overview.can_undo, finished: overview.finished,
  });
  if (!overview.items.length) {
    root.replaceChildren(h("p", { class: "waiting" }, t("nothing_to_read")));
    return;
  }
  useColours(overview.codebook.codes);
  const app = new App(store, api, queue);
  const keys = new Keys(overview.codebook.codes, store.state);
  draw(root, app, keys);
  listen(app, keys);
  addEventListener("hashchange", () => {
    const item = decodeURIComponent(location.hash.slice(1));
    if (place(store.state, item) >= 0 && item !== store.state.cursor) void app.go(item);
  });
  addEventListener("focus", () => app.refresh(shownPost(store.state)));
  addEventListener("beforeunload", (event) => {
    if (!queue.kept) event.preventDefault(); // this browser keeps nothing, so leaving would lose it
  });
  void app.need(shownPost(store.state));
  app.sender.wake();
}

/** The item of the address, else the first that is not read. */
function first(overview: Overview): string {
  const named = decodeURIComponent(location.hash.slice(1));
  const found = overview.items.find((entry) => entry.id === named) ?? overview.items.find((entry) => !entry.read);
  return (found ?? overview.items[0])?.id ?? "";
}

function draw(root: HTMLElement, app: App, keys: Keys): void {
  const feed = h("section", { class: "feed", "aria-label": t("thread") });
  const line = h("p", { class: "line", role: "status" });
  const announcer = h("p", { class: "unseen", role: "status" });
  const codes = h("div", { class: "codes" });
  const definition = h("section", { class: "definition", tabindex: 0, "aria-label": t("definition") });
  const commands = h("div", { class: "commands", role: "group", "aria-label": t("commands") });
  const codebook = h("aside", { id: "codebook", "aria-label": t("codebook") }, codes, definition, commands);
  const refused = new RefusedView(app);
  root.replaceChildren(h("div", { class: "reading" }, feed, line), codebook, announcer, helpDialog(app, keys), refused.dialog);
  app.store.draw(
    new BarView(app, document.querySelector<HTMLElement>("#coding-bar")!, announcer).draw,
    new CodebookView(app, codes).draw, new DefinitionView(app, definition).draw,
    new CommandsView(app, keys, commands).draw, new LineView(line).draw, refused.draw, new ThreadView(app, feed).draw,
  );
}

const root = document.querySelector<HTMLElement>("#coding");
if (root) begin(root);
