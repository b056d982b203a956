// How is the server asked? Three questions, each with an answer or the one kind of error that says what to do next.
import type { Act } from "./acts";
import type { Answer, Fault, Overview, Thread } from "./types";

/** `lost`: not reached, or it failed; `out`: not signed in; `old`: this page is of another build; `refused`: no. */
export type Trouble = "lost" | "out" | "old" | "refused";

export class Failure extends Error {
  constructor(readonly trouble: Trouble, readonly status: number, readonly faults: Fault[]) {
    super(faults.map((fault) => fault.message).join(" ") || trouble);
  }
}

const PATIENCE = 20_000; // milliseconds

export class Api {
  constructor(private readonly round: string, private readonly version: string) {}

  overview(): Promise<Overview> {
    return this.ask<Overview>("");
  }

  thread(post: string): Promise<Thread> {
    return this.ask<Thread>(`/threads/${encodeURIComponent(post)}`);
  }

  send(acts: readonly Act[]): Promise<Answer> {
    return this.ask<Answer>("/acts", { acts });
  }

  undo(act: string): Promise<Answer> {
    return this.ask<Answer>("/undo", { act });
  }

  private async ask<T>(path: string, body?: unknown): Promise<T> {
    const address = `/api/coding/${encodeURIComponent(this.round)}${path}`;
    const headers: Record<string, string> = { "X-Resilens-Script": "coding", "Content-Type": "application/json" };
    const asked: RequestInit = body === undefined
      ? { headers }
      : { method: "POST", headers, body: JSON.stringify(body) };
    const version = body === undefined ? "" : `?v=${encodeURIComponent(this.version)}`;
    let response: Response;
    let content: unknown;
    try {
      response = await fetch(address + version, { ...asked, signal: AbortSignal.timeout(PATIENCE) });
      content = await response.json();
    } catch (error) {
      if (error instanceof SyntaxError) throw new Failure("lost", 0, []);
      if (error instanceof TypeError || error instanceof DOMException) throw new Failure("lost", 0, []);
      throw error;
    }
    if (response.ok) return content as T;
    const faults = (content as { faults?: Fault[] }).faults ?? [];
    throw new Failure(troubleOf(response.status), response.status, faults);
  }
}

function troubleOf(status: number): Trouble {
  if (status === 401) return "out";
  if (status === 409) return "old";
  return status >= 500 || status === 429 || status === 408 ? "lost" : "refused";
}
