// Boxes over a picture, by mouse and by keys. The table of the form holds them; without this script it can be typed in.

interface Box { x: number; y: number; w: number; h: number; covers: string }

const figure = document.querySelector<HTMLElement>(".canvas");
const svg = figure?.querySelector("svg");
const form = document.querySelector<HTMLFormElement>("#redaction");
const body = form?.querySelector("tbody");
const template = document.querySelector<HTMLTemplateElement>("#row");
const saved = document.querySelector<HTMLElement>("#saved");
const SIDES = ["x", "y", "w", "h"] as const;

function begin(figure: HTMLElement, svg: SVGSVGElement, form: HTMLFormElement, body: HTMLElement): void {
  const width = Number(figure.dataset["width"]);
  const height = Number(figure.dataset["height"]);
  const before: Box[][] = [];
  let kind = "face";
  let selected = -1;
  let drag: { from: DOMPoint; at: number; start: Box; resize: boolean; moved: boolean } | null = null;

  const rows = (): HTMLElement[] => [...body.querySelectorAll<HTMLElement>("tr.box")];
  const field = (row: HTMLElement, name: string): HTMLInputElement | HTMLSelectElement =>
    row.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`)!;
  const boxes = (): Box[] => rows().map((row) => ({
    x: Number(field(row, "x").value), y: Number(field(row, "y").value), w: Number(field(row, "w").value),
    h: Number(field(row, "h").value), covers: field(row, "covers").value,
  }));

  // Inside the picture, and at least one pixel.
  function fitted(box: Box): Box {
    const w = Math.min(Math.max(1, Math.round(box.w)), width);
    const h = Math.min(Math.max(1, Math.round(box.h)), height);
    const x = Math.min(Math.max(0, Math.round(box.x)), width - w);
    const y = Math.min(Math.max(0, Math.round(box.y)), height - h);
    return { ...box, x, y, w, h };
  }

  function write(row: HTMLElement, box: Box): void {
    for (const side of SIDES) field(row, side).value = String(box[side]);
    field(row, "covers").value = box.covers;
  }

  function changed(): void {
    if (saved) {
      saved.textContent = saved.dataset["unsaved"] ?? "";
      saved.classList.add("unsaved");
    }
  }

  function remember(): void {
    before.push(boxes());
    if (before.length > 200) before.shift();
  }

  function draw(): void {
    const focused = document.activeElement instanceof SVGRectElement;
    const shapes = boxes().map((box, place) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of [["x", box.x], ["y", box.y], ["width", box.w], ["height", box.h]] as const) {
        rect.setAttribute(name, String(value));
      }
      rect.setAttribute("class", box.covers);
      rect.setAttribute("tabindex", "0");
      rect.setAttribute("role", "button");
      rect.setAttribute("aria-pressed", String(place === selected));
      const covers = field(rows()[place]!, "covers") as HTMLSelectElement;
      const called = (figure.dataset["box"] ?? "#").replace("#", String(place + 1));
      rect.setAttribute("aria-label", `${called}: ${covers.selectedOptions[0]?.textContent ?? ""}`);
      return rect;
    });
    svg.replaceChildren(...shapes);
    rows().forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === selected));
      row.querySelector(".number")!.textContent = String(place + 1);
    });
    if (focused) shapes[selected]?.focus();
  }

  function select(place: number, focus = true): void {
    selected = place;
    draw();
    if (focus) svg.querySelectorAll<SVGRectElement>("rect")[place]?.focus();
  }

  function add(box: Box): void {
    const row = (template!.content.firstElementChild!.cloneNode(true)) as HTMLElement;
    write(row, fitted(box));
    body.append(row);
    changed();
  }

  function replace(all: Box[]): void {
    body.replaceChildren();
    all.forEach(add);
    selected = Math.min(selected, all.length - 1);
    draw();
  }

  function alter(place: number, change: Partial<Box>): void {
    const row = rows()[place];
    const box = boxes()[place];
    if (!row || !box) return;
    write(row, fitted({ ...box, ...change }));
    changed();
    draw();
  }

  function remove(place: number): void {
    remember();
    rows()[place]?.remove();
    changed();
    selected = Math.min(place, rows().length - 1);
    draw();
    const next = svg.querySelectorAll<SVGRectElement>("rect")[selected];
    if (next) next.focus(); else document.querySelector<HTMLElement>("#add")?.focus();
  }

  function choose(name: string): void {
    kind = name;
    for (const button of form.querySelectorAll<HTMLElement>("[data-kind]")) {
      button.setAttribute("aria-pressed", String(button.dataset["kind"] === name));
    }
    const chosen = boxes()[selected];
    if (chosen && chosen.covers !== name) {
      remember();
      alter(selected, { covers: name });
    }
  }

  function place(event: PointerEvent): DOMPoint {
    const shown = svg.getBoundingClientRect();
    return new DOMPoint((event.clientX - shown.left) * width / shown.width,
      (event.clientY - shown.top) * height / shown.height);
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const from = place(event);
    const rect = event.target instanceof SVGRectElement ? event.target : null;
    remember();
    if (rect) {
      const at = [...svg.querySelectorAll("rect")].indexOf(rect);
      const start = boxes()[at]!;
      const near = Math.max(start.w, start.h) / 5;
      const resize = start.x + start.w - from.x < near && start.y + start.h - from.y < near;
      drag = { from, at, start, resize, moved: false };
      select(at);
    } else {
      drag = { from, at: -1, start: { x: from.x, y: from.y, w: 1, h: 1, covers: kind }, resize: true, moved: false };
    }
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const to = place(event);
    const [right, down] = [to.x - drag.from.x, to.y - drag.from.y];
    if (!drag.moved && Math.hypot(right, down) * svg.getBoundingClientRect().width / width < 4) return;
    drag.moved = true;
    if (drag.at < 0) {
      add(drag.start);
      drag.at = rows().length - 1;
      selected = drag.at;
    }
    const { x, y, w, h } = drag.start;
    if (!drag.resize) return alter(drag.at, { x: x + right, y: y + down });
    const [left, top] = [Math.max(0, Math.min(x, x + w + right)), Math.max(0, Math.min(y, y + h + down))];
    alter(drag.at, { x: left, y: top, w: Math.min(width, Math.max(x, x + w + right)) - left,
      h: Math.min(height, Math.max(y, y + h + down)) - top });
  });
  svg.addEventListener("pointerup", () => {
    if (drag && !drag.moved) before.pop();
    if (drag && drag.moved) select(drag.at);
    drag = null;
  });

  svg.addEventListener("focusin", (event) => {
    const at = [...svg.querySelectorAll("rect")].indexOf(event.target as SVGRectElement);
    if (at >= 0 && at !== selected) select(at);
  });
  svg.addEventListener("keydown", (event) => {
    const box = boxes()[selected];
    if (!box || event.ctrlKey || event.metaKey) return;
    const step = event.altKey ? 1 : Math.max(1, Math.round(Math.max(width, height) / 100));
    const ways: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    };
    const way = ways[event.key];
    if (way) {
      event.preventDefault();
      remember();
      alter(selected, event.shiftKey ? { w: box.w + way[0], h: box.h + way[1] }
        : { x: box.x + way[0], y: box.y + way[1] });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(selected);
    }
  });

  body.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("tr.box");
    if (row) select(rows().indexOf(row), false);
  });
  body.addEventListener("input", () => { changed(); draw(); });
  body.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-remove]");
    if (button) remove(rows().indexOf(button.closest<HTMLElement>("tr.box")!));
  });
  form.addEventListener("click", (event) => {
    const target = (event.target as Element).closest<HTMLElement>("button");
    if (target?.id === "add") {
      remember();
      const side = Math.round(Math.min(width, height) / 5);
      add({ x: (width - side) / 2, y: (height - side) / 2, w: side, h: side, covers: kind });
      select(rows().length - 1);
    } else if (target?.dataset["kind"]) {
      choose(target.dataset["kind"]);
    } else if (target?.id === "next-box" && rows().length) {
      select((selected + 1) % rows().length);
    } else if (target?.id === "undo" && before.length) {
      event.preventDefault();
      replace(before.pop()!);
      svg.querySelectorAll<SVGRectElement>("rect")[selected]?.focus();
    }
  });
  // What was sent is not asked about when the page is left; an answer that refuses it leaves the page as it is.
  let sent = JSON.stringify(boxes());
  form.addEventListener("submit", () => { sent = JSON.stringify(boxes()); });
  addEventListener("beforeunload", (event) => {
    if (JSON.stringify(boxes()) !== sent) event.preventDefault();
  });
  draw();
}

if (figure && svg && form && body && template) begin(figure, svg, form, body);
