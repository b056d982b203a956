// How do acts reach the record? In order, one tab at a time, again and again until the server says that it has them.
import type { Act } from "./acts";
import { type Api, Failure } from "./api";
import type { Queue } from "./queue";
import type { Answer, Fault } from "./types";

/** `saved`: nothing waits; `saving`: under way; the others: not saved, and why. */
export type Saving = "saved" | "saving" | "lost" | "out" | "old" | "refused";

export interface Listener {
  saving(state: Saving, faults: Fault[]): void;
  answered(done: Act[], answer: Answer): void;
}

const MOST = 100; // acts in one request
const FIRST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 15_000;

export class Sender {
  private running = false;
  private wait = FIRST_WAIT;
  private alone = false; // after a refusal as a whole: one act at a time, to find the one that is wrong
  private interrupt: () => void = () => {};

  constructor(private readonly queue: Queue, private readonly api: Api, private readonly listener: Listener) {
    addEventListener("online", () => this.wake());
    addEventListener("focus", () => this.wake());
  }

  /** Send what waits, now. */
  wake(): void {
    this.interrupt();
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.queue.acts().length) {
        const trouble = await exclusively(this.queue.name, () => this.attempt());
        if (trouble) await this.pause();
        this.wait = trouble ? Math.min(this.wait * 2, LONGEST_WAIT) : FIRST_WAIT;
      }
    } finally {
      this.running = false;
    }
    this.listener.saving("saved", []);
  }

  /** One request; whether it failed. */
  private async attempt(): Promise<boolean> {
    const acts = this.queue.acts();
    const first = acts[0];
    if (!first) return false; // another tab sent them
    if (this.wait === FIRST_WAIT) this.listener.saving("saving", []);
    const end = this.alone ? 1 : acts.slice(0, MOST).findIndex((act) => act.do === "undo");
    const batch = first.do === "undo" ? [first] : acts.slice(0, end < 0 ? MOST : end);
    try {
      const answer = first.do === "undo" ? await this.api.undo(first.act) : await this.api.send(batch);
      this.alone = false;
      this.settle(batch, answer);
      return false;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.failed(batch, error);
    }
  }

  private settle(batch: Act[], answer: Answer): void {
    const refused = new Map((answer.results ?? []).flatMap((one) => (one.saved ? [] : [[one.act, one.faults ?? []]])));
    for (const act of batch) {
      const faults = refused.get(act.act);
      if (faults) this.refuse(act, faults);
    }
    const done = batch.filter((act) => !refused.has(act.act));
    this.queue.done(done.map((act) => act.act));
    this.listener.answered(done, answer);
  }

  /** Put an act aside, with the undo that was meant for it and would now take back another. */
  private refuse(act: Act, faults: Fault[]): void {
    this.queue.refuse(act, faults);
    const meant = this.queue.acts().filter((other) => other.do === "undo" && other.of === act.act);
    this.queue.done(meant.map((other) => other.act));
  }

  private failed(batch: Act[], failure: Failure): boolean {
    const about = [400, 404, 413, 422].includes(failure.status); // what was sent is wrong, not who sent it
    if (about && batch.length === 1) {
      this.refuse(batch[0]!, failure.faults);
      this.listener.answered([], { results: [], codings: {}, read: -1, can_undo: true });
      return false;
    }
    if (about) {
      this.alone = true;
      return false;
    }
    this.listener.saving(failure.trouble, failure.faults);
    return true;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.wait * (0.75 + Math.random() / 2));
      this.interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) as Promise<T> : work();
}
