// Which key does what? A code's own key comes first; a command whose key a code has taken moves to its capital, or to
// the sign after that. Everything can be done by buttons as well.
import { nothingApplies, press, undo } from "./applying";
import type { App } from "./app";
import { codingInHand } from "./marks";
import { arrow, beginRegion, beginSpan, leave, onward, step } from "./moving";
import type { State } from "./state";
import type { Code } from "./types";

export interface Command {
  /** Its entry in words/coding.toml is `do_NAME`. */
  name: string;
  keys: string[];
  run(app: App): void;
  /** Left out where it makes no sense. */
  when?(state: State): boolean;
}

export function edit(app: App, kind: "memo" | "argument" | "group", about = ""): void {
  app.store.set({ editor: { kind, item: app.state.cursor, about }, notice: "" });
}

const joint = (state: State): boolean => state.overview.round.mode === "joint";

export const COMMANDS: Command[] = [
  { name: "next", keys: ["j", "J", "]"], run: (app) => step(app, 1) },
  { name: "previous", keys: ["k", "K", "["], run: (app) => step(app, -1) },
  { name: "onward", keys: ["Enter"], run: onward },
  { name: "nothing", keys: ["0", "`"], run: nothingApplies },
  { name: "span", keys: ["v", "V", "'"], run: beginSpan },
  { name: "region", keys: ["r", "R", "#"], run: beginRegion },
  { name: "memo", keys: ["m", "M", ";"], run: (app) => edit(app, "memo", codingInHand(app)) },
  { name: "argue", keys: ["a", "A", "!"], run: (app) => edit(app, "argument"), when: joint },
  { name: "group", keys: ["g", "G", "@"], run: (app) => edit(app, "group") },
  { name: "undo", keys: ["u", "U", "-"], run: undo },
  {
    name: "translations", keys: ["t", "T", "="],
    run: (app) => app.store.set({ translations: !app.state.translations }),
  },
  { name: "zoom", keys: ["z", "Z", "+"], run: (app) => app.store.set({ zoomed: !app.state.zoomed }) },
  { name: "look", keys: [" "], run: (app) => app.store.set({ mode: { name: "look" }, notice: "" }) },
  { name: "filter", keys: ["/"], run: () => document.querySelector<HTMLInputElement>("#codebook-filter")?.focus() },
  { name: "leave", keys: ["Escape"], run: leave },
  { name: "help", keys: ["?"], run: () => document.querySelector<HTMLDialogElement>("#coding-help")?.showModal() },
];

/** The keys of this codebook's codes, and where that leaves the commands. */
export class Keys {
  private readonly codes = new Map<string, string>();
  private readonly commands = new Map<string, Command>();
  private readonly ofCommand = new Map<string, string>();

  constructor(codes: readonly Code[], state: State) {
    for (const code of codes) if (code.active && code.key) this.codes.set(code.key, code.id);
    for (const command of COMMANDS) {
      const key = command.keys.find((one) => !this.codes.has(one) && !this.commands.has(one));
      if (key === undefined || command.when?.(state) === false) continue;
      this.commands.set(key, command);
      this.ofCommand.set(command.name, key);
    }
  }

  /** The key of a command; empty where none is left. */
  of(name: string): string {
    return this.ofCommand.get(name) ?? "";
  }

  /** What a key does: toggles the code of this id, or runs a command. */
  find(event: KeyboardEvent): string | Command | undefined {
    for (const key of candidates(event)) {
      const found = this.codes.get(key) ?? this.commands.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The key as typed; with caps lock in the other case; under another script's layout the Latin letter of the key. */
function candidates(event: KeyboardEvent): string[] {
  const { key, code } = event;
  if (/^\p{L}$/u.test(key) && event.getModifierState("CapsLock")) {
    return [key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase()];
  }
  const latin = /^(?:Key|Digit)(\w)$/.exec(code)?.[1];
  const foreign = key === "Process" || /^[^\p{ASCII}]$/u.test(key);
  return latin && foreign ? [key, event.shiftKey ? latin : latin.toLowerCase()] : [key];
}

/** Hear keys before anything else on the page does. */
export function listen(app: App, keys: Keys): void {
  addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (target?.closest("input, textarea, select")) return;
    if (target?.closest("button, a, summary, video") && ["Enter", " ", "Delete"].includes(event.key)) return;
    if (target?.closest("#codebook") && event.key.startsWith("Arrow")) return;
    if (!handle(app, keys, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}

function handle(app: App, keys: Keys, event: KeyboardEvent): boolean {
  if (arrow(app, event)) return true;
  if (event.altKey) return false;
  const found = keys.find(event);
  if (found === undefined) return false;
  if (typeof found === "string") press(app, found);
  else found.run(app);
  return true;
}
