// What is typed at the transcription desk is kept as a draft while it is typed; a closed tab loses nothing.

const form = document.querySelector<HTMLFormElement>("form[data-draft]");
const PAUSE = 1200;

if (form) {
  const said = form.querySelector<HTMLOutputElement>("output");
  let changed = false;
  let waiting = 0;
  let sending: Promise<void> | null = null;

  const say = (name: "kept" | "lost" | "changed"): void => { if (said) said.textContent = said.dataset[name] ?? ""; };

  const body = (): URLSearchParams => {
    const held = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    held.set("do", "autosave");
    return held;
  };

  const send = async (last: boolean): Promise<void> => {
    changed = false;
    const answer = await fetch(form.action, {
      method: "POST", body: body(), keepalive: last, headers: { "X-Resilens-Script": "1" },
    }).catch(() => null);
    if (!answer?.ok) changed = true;
    say(!answer?.ok ? "lost" : changed ? "changed" : "kept");
  };

  // One after the other, so that the server holds what was typed last.
  const keep = async (last = false): Promise<void> => {
    clearTimeout(waiting);
    await sending;
    if (!changed || form.ariaBusy === "true") return;
    sending = send(last).finally(() => { sending = null; });
    await sending;
  };

  const typed = (): void => {
    changed = true;
    say("changed");
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void keep(), PAUSE);
  };

  form.addEventListener("input", typed);
  // What was typed before this script was there, or what the browser filled in again.
  if ([...form.elements].some((one) => (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement) &&
    one.value !== one.defaultValue.replaceAll("\r", ""))) typed();
  document.addEventListener("visibilitychange", () => { if (document.hidden) void keep(true); });

  // A form that loads the page anew comes after the draft: its own holds all that is typed, others wait for it.
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (!(other instanceof HTMLFormElement)) return;
    const own = other === form;
    if (own && !sending) {
      clearTimeout(waiting);
      changed = false;
    } else if (own || (other.matches("[data-after-draft]") && (changed || sending))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      void (own ? sending : keep())?.then(() => { if (own || !changed) other.requestSubmit(event.submitter); });
    }
  }, true);
}

export {};
