// What was done and is not acknowledged yet? Kept in this browser, one entry an act, so that neither a reload nor two
// tabs can lose or overwrite any. Entries sort by their ids, which sort by time.
import type { Act } from "./acts";
import { laterThan } from "./ids";
import type { Fault } from "./types";

export interface Refused {
  act: Act;
  faults: Fault[];
}

export class Queue {
  readonly name: string;
  /** What this browser would not keep; it lives as long as the tab. */
  private readonly inMemory = new Map<string, string>();

  constructor(study: string, coder: string, round: string) {
    this.name = ["resilens", study, coder, round].map(encodeURIComponent).join(":");
    const ids = this.keys("act").map((key) => key.slice(this.prefix("act").length));
    if (ids.length) laterThan(ids.at(-1)!);
  }

  /** Whether everything would survive closing the tab. */
  get kept(): boolean {
    return this.inMemory.size === 0;
  }

  acts(): Act[] {
    return this.keys("act").flatMap((key) => this.read<Act>(key));
  }

  refused(): Refused[] {
    return this.keys("refused").flatMap((key) => this.read<Refused>(key));
  }

  add(act: Act): void {
    this.write(this.prefix("act") + act.act, act);
  }

  done(ids: Iterable<string>): void {
    for (const id of ids) this.drop(this.prefix("act") + id);
  }

  refuse(act: Act, faults: Fault[]): void {
    this.write(this.prefix("refused") + act.act, { act, faults });
    this.done([act.act]);
  }

  dismiss(id: string): void {
    this.drop(this.prefix("refused") + id);
  }

  /** Tell of changes by other tabs. */
  watch(changed: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(this.name)) changed();
    });
  }

  private prefix(kind: "act" | "refused"): string {
    return `${this.name}:${kind}:`;
  }

  private keys(kind: "act" | "refused"): string[] {
    const prefix = this.prefix(kind);
    let stored: string[] = [];
    try {
      stored = Object.keys(localStorage);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
    return [...stored, ...this.inMemory.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  private read<T>(key: string): T[] {
    const text = this.inMemory.get(key) ?? localStorage.getItem(key);
    return text === null ? [] : [JSON.parse(text) as T];
  }

  private write(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(key, text);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.inMemory.set(key, text); // no room, or the browser keeps nothing
    }
  }

  private drop(key: string): void {
    if (!this.inMemory.delete(key)) localStorage.removeItem(key);
  }
}
