// Keys, forms and copying on every page. A page works without this script; with it, nothing typed is ever lost.

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable ||
    (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=submit]")));

const pressable = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("[data-key]")].filter((one) => one.offsetParent !== null);

/** What is written on it, without the key that may stand there too. */
function written(one: Element | null): string {
  const copy = one?.cloneNode(true) as Element | undefined;
  for (const key of copy?.querySelectorAll("kbd") ?? []) key.remove();
  return copy?.textContent?.trim() ?? "";
}

const named = (one: HTMLElement): string => one.dataset["says"] ?? one.getAttribute("aria-label") ??
  (written(one) || written(one.closest("label")) || one.title);

function help(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#help");
  const list = dialog?.querySelector("dl");
  if (!dialog || !list) return;
  list.replaceChildren(...pressable().flatMap((one) => {
    const key = document.createElement("dt");
    key.append(Object.assign(document.createElement("kbd"), { textContent: one.dataset["key"] ?? "" }));
    return [key, Object.assign(document.createElement("dd"), { textContent: named(one) })];
  }));
  dialog.showModal();
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button, summary")) return;
  const found = pressable().find((one) => one.dataset["key"] === event.key);
  if (!found) return;
  event.preventDefault();
  if (found.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) found.focus();
  else found.click();
}

function notice(words: string, reload = false): void {
  const bar = document.querySelector<HTMLElement>("#notice");
  if (!bar) return;
  bar.replaceChildren(words);
  if (reload) {
    const again = Object.assign(document.createElement("button"), { textContent: bar.dataset["reload"] ?? "" });
    again.addEventListener("click", () => location.reload());
    bar.append(again);
  }
  bar.hidden = false;
}

interface Fault { message: string; where: string }

// A fault is said at its field, where the form has one of that name: `evidence_for[2]` is the second line of a text.
function show(form: HTMLFormElement, faults: Fault[]): void {
  for (const old of form.querySelectorAll(".faults")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  const list = Object.assign(document.createElement("ul"), { className: "faults" });
  list.setAttribute("role", "alert");
  const marked: HTMLElement[] = [];
  for (const fault of faults) {
    const [, name = "", line = ""] = /^([^[]*)(?:\[(\d+)\])?$/.exec(fault.where) ?? [];
    const field = name ? form.elements.namedItem(name) : null;
    if (field instanceof HTMLElement && field.getAttribute("type") !== "hidden") {
      const words = Object.assign(document.createElement("p"),
        { className: "faults", textContent: line ? `${line}: ${fault.message}` : fault.message });
      words.setAttribute("role", "alert");
      let above: Element = field.closest("label") ?? field;
      while (above.nextElementSibling?.matches("p.faults")) above = above.nextElementSibling;
      above.after(words);
      field.setAttribute("aria-invalid", "true");
      marked.push(field);
    } else {
      list.append(Object.assign(document.createElement("li"),
        { textContent: fault.where ? `${fault.where}: ${fault.message}` : fault.message }));
    }
  }
  if (list.children.length) form.prepend(list);
  marked[0]?.focus();
  (marked[0] ?? list).scrollIntoView({ block: "nearest" });
}

// Sent by script, so that a fault is said in the form and a lost connection loses nothing.
async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const body = new FormData(form, submitter);
  const files = [...body.values()].some((value) => value instanceof File);
  const content = files ? body : new URLSearchParams(body as unknown as Record<string, string>);
  const bar = document.querySelector<HTMLElement>("#notice");
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const post = (): Promise<Response> =>
    fetch(action, { method: "POST", body: content, headers: { "X-Resilens-Script": "1" } });
  let answer: Response;
  try {
    // Once more where the connection was closed under it: the form's identifier lets it be done once only.
    answer = await post().catch(() => new Promise((resolve) => setTimeout(resolve, 500)).then(post));
  } catch {
    notice(bar?.dataset["lost"] ?? "");
    return;
  }
  if (answer.ok) {
    const there = new URL(answer.url);
    if (answer.redirected && there.pathname + there.search === location.pathname + location.search) location.reload();
    else location.assign(answer.url);
    return;
  }
  const said = await answer.json().catch(() => ({ faults: [] })) as { faults: Fault[]; reload?: boolean };
  if (said.reload) notice(said.faults[0]?.message ?? "", true);
  else show(form, said.faults);
}

function submit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.matches("[data-plain]")) return;
  if ((event.submitter?.getAttribute("formmethod") ?? form.method) !== "post") return; // it only asks
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  void send(form, event.submitter).finally(() => { form.ariaBusy = null; });
}

function click(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-help]")) help();
  const copies = target?.closest<HTMLElement>("[data-copy]");
  if (copies) {
    const words = document.querySelector(copies.dataset["copy"] ?? "")?.textContent ?? "";
    void navigator.clipboard.writeText(words.trim()).then(() => { copies.textContent = copies.dataset["copied"] ?? "✓"; });
  }
}

// A page of something that takes longer asks for itself again, and leads back when it is done. No reload: that would
// take back whoever is on the way to another page.
async function again(): Promise<void> {
  while (document.querySelector("main [data-again]")) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const answer = await fetch(location.href).catch(() => null);
    const main = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main") : null;
    if (!main) continue;
    document.querySelector("main")?.replaceChildren(...main.childNodes);
    const done = document.querySelector<HTMLElement>("main [data-done]")?.dataset["done"];
    if (done) location.assign(done);
  }
}

void again();
document.addEventListener("keydown", press);
document.addEventListener("submit", submit);
document.addEventListener("click", click);
document.addEventListener("change", (event) => {
  if (event.target instanceof Element) event.target.closest<HTMLFormElement>("form[data-submit]")?.requestSubmit();
});
