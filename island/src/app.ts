// What happens when something is done? It is kept, shown and sent; and how do threads come to the screen?
import type { Intent, NoteAct } from "./acts";
import { type Api, Failure } from "./api";
import { uuid7 } from "./ids";
import type { Queue } from "./queue";
import { Sender } from "./sending";
import { open, place, postOf, shownPost, type State, type Store, together } from "./state";
import { type Answer, type Coding, itemsOf, type Note, type Thread } from "./types";
import { t } from "./words";

/** What one tab tells the others of the same coder and round. */
type News = Pick<Answer, "codings" | "can_undo">;

export class App {
  readonly sender: Sender;
  private readonly channel: BroadcastChannel;
  private readonly asked = new Map<string, Promise<void>>();

  constructor(readonly store: Store, readonly api: Api, readonly queue: Queue) {
    this.channel = new BroadcastChannel(queue.name);
    this.channel.onmessage = (event: MessageEvent<News>) => this.learn(event.data);
    this.sender = new Sender(queue, api, {
      saving: (saving, faults) => this.store.set({ saving, faults, ...this.kept() }),
      answered: (done, answer) => this.answered(done, answer),
    });
    queue.watch(() => {
      this.store.set(this.kept());
      if (this.state.pending.length) this.sender.wake();
    });
  }

  get state(): State {
    return this.store.state;
  }

  /** Do something: keep it, show it, send it. */
  act(...intents: Intent[]): void {
    if (!open(this.state)) {
      this.say(t(`round_${this.state.overview.round.state}`));
      return;
    }
    for (const intent of intents) this.queue.add({ act: uuid7(), ...intent });
    const saving = this.state.saving === "saved" ? "saving" : this.state.saving;
    this.store.set({ ...this.kept(), saving, notice: "" });
    this.sender.wake();
  }

  say(notice: string): void {
    this.store.set({ notice });
  }

  /** Go to an item; its thread is read if it is not here yet. */
  async go(item: string, change: Partial<State> = {}): Promise<void> {
    this.store.set({ cursor: item, mode: { name: "read" }, notice: "", ...change });
    await this.need(shownPost(this.state));
  }

  /** Read a thread, and the one behind it ahead of time. */
  async need(post: string): Promise<void> {
    if (!post) return;
    if (!this.state.threads.has(post)) await this.load(post);
    const { items } = this.state.overview;
    const next = items[items.findLastIndex((entry) => entry.post === post) + 1];
    if (next && !this.state.threads.has(next.post)) void this.load(next.post);
  }

  /** Read a thread again: in a joint round others go on meanwhile. */
  refresh(post: string): void {
    if (together(this.state) && this.state.threads.has(post)) void this.load(post);
  }

  private load(post: string): Promise<void> {
    const under = this.asked.get(post) ?? this.fetch(post).finally(() => this.asked.delete(post));
    this.asked.set(post, under);
    return under;
  }

  private async fetch(post: string): Promise<void> {
    try {
      this.have(post, await this.api.thread(post));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (shownPost(this.state) !== post || this.state.threads.has(post)) return;
      const why = error.trouble === "out" ? t("out_long") : error.faults.map((fault) => fault.message).join(" ");
      this.say(why || t("thread_lost"));
      if (error.trouble === "lost") setTimeout(() => void this.need(shownPost(this.state)), 2000);
    }
  }

  private have(post: string, thread: Thread): void {
    const { state } = this;
    const own = new Map<string, Coding[]>();
    for (const item of itemsOf(thread)) if (place(state, item.item_id) >= 0) own.set(item.item_id, []);
    for (const coding of thread.codings) {
      if (!coding.coder || coding.coder === state.overview.coder) own.get(coding.item_id)?.push(coding);
    }
    this.store.set({
      threads: new Map(state.threads).set(post, thread),
      saved: new Map([...state.saved, ...own]),
      notes: new Map(state.notes).set(post, thread.notes),
    });
  }

  private kept(): Pick<State, "pending" | "refused"> {
    return { pending: this.queue.acts(), refused: this.queue.refused() };
  }

  private answered(done: readonly { do: string }[], answer: Answer): void {
    const { codings, can_undo } = answer;
    const change: Partial<State> = {};
    for (const act of done) Object.assign(change, this.counted({ ...this.state, ...change }, act));
    this.store.set(change);
    this.learn({ codings, can_undo });
    this.channel.postMessage({ codings, can_undo } satisfies News);
    if ("undone" in answer) this.undone(answer.undone ?? null);
  }

  /** What the answer to codings does not bring: notes, groups, the end of the round. */
  private counted(state: State, act: { do: string }): Partial<State> {
    if (act.do === "finish" || act.do === "resume") return { finished: act.do === "finish" };
    if (act.do === "group") {
      const { author, group, actor_type } = act as Extract<Intent, { do: "group" }>;
      return { authors: new Map(state.authors).set(author, { group, actor_type }) };
    }
    if (act.do !== "note" && act.do !== "argue" && act.do !== "changed_mind") return {};
    const { memo_id, about, text } = act as NoteAct;
    const post = about.map((id) => postOf(state, id)).find(Boolean) ?? "";
    const type = { note: "memo", argue: "argument", changed_mind: "change_of_mind" }[act.do];
    const note: Note = { memo_id, about, text, coder: state.overview.coder, at: new Date().toISOString(), type };
    const others = (state.notes.get(post) ?? []).filter((one) => one.memo_id !== memo_id);
    return { notes: new Map(state.notes).set(post, text ? [...others, note] : others) };
  }

  private learn({ codings, can_undo }: News): void {
    const saved = new Map([...this.state.saved, ...Object.entries(codings)]);
    this.store.set({ saved, canUndo: can_undo, ...this.kept() });
  }

  private undone(undone: { item_id: string; words: string } | null): void {
    if (!undone) this.say(t("nothing_to_undo"));
    else if (place(this.state, undone.item_id) < 0) this.say(t("undone", { words: undone.words }));
    else void this.go(undone.item_id, { mode: this.state.mode, notice: t("undone", { words: undone.words }) });
  }
}
