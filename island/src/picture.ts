// How is a picture shown, and a region of it marked? The picture, and an overlay that counts in original pixels.
import { keyOf, targetOf } from "./acts";
import { described, mark } from "./applying";
import type { App } from "./app";
import { attributes, h, svg } from "./dom";
import { codeClass } from "./marks";
import { between, type Region, type Size } from "./region";
import { codeOf, open, type State } from "./state";
import type { Coding, Item, Media } from "./types";
import { t } from "./words";

const DRAG = 4; // pixels of the screen that make a drag of a click
const LABEL = 13; // pixels of the screen

export class Pictures {
  readonly element = h("div", { class: "pictures" });
  private readonly overlays = new Map<string, { overlay: SVGSVGElement; size: Size; frame: HTMLElement }>();
  private drawn: { codings: readonly Coding[] | null; region: Region | null } = { codings: null, region: null };

  constructor(private readonly app: App, private readonly item: Item, media: Record<string, Media>) {
    for (const id of item.media) {
      const found = media[id];
      if (found) this.element.append(this.figure(id, found));
      else this.element.append(h("p", { class: "aside" }, t("picture_missing")));
    }
    this.element.hidden = !this.element.childElementCount;
  }

  draw(state: State, own: readonly Coding[]): void {
    const region = state.mode.name === "region" && state.mode.region.item === this.item.item_id ? state.mode.region : null;
    this.element.classList.toggle("zoomed", state.zoomed && state.cursor === this.item.item_id);
    if (own === this.drawn.codings && region === this.drawn.region) return;
    this.drawn = { codings: own, region };
    this.redraw();
  }

  private figure(id: string, media: Media): HTMLElement {
    if (media.kind === "video") {
      return h("figure", {}, h("video", { src: media.src, controls: true, preload: "metadata", "aria-label": t("recording") }));
    }
    const { width, height } = media;
    const image = h("img", { src: media.src, alt: t("picture"), width, height, decoding: "async", draggable: "false" });
    const frame = h("figure", {}, image);
    image.addEventListener("error", () => frame.replaceChildren(h("p", { class: "aside" }, t("picture_missing"))));
    if (!width || !height) return frame;
    const overlay = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    frame.append(overlay);
    this.overlays.set(id, { overlay, size: { width, height }, frame });
    this.listen(id, overlay, { width, height });
    new ResizeObserver(() => this.redraw()).observe(frame);
    return frame;
  }

  /** A drag marks a region; a click on a region takes it in hand, a click beside all of them zooms. */
  private listen(id: string, overlay: SVGSVGElement, size: Size): void {
    let from: { x: number; y: number } | null = null;
    let dragged = false;
    overlay.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY };
      dragged = false;
      overlay.setPointerCapture(event.pointerId);
    });
    overlay.addEventListener("pointermove", (event) => {
      if (!from || !open(this.app.state)) return;
      dragged ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG;
      if (!dragged) return;
      const box = overlay.getBoundingClientRect();
      const inPicture = (x: number, y: number): [number, number] =>
        [((x - box.left) / box.width) * size.width, ((y - box.top) / box.height) * size.height];
      const region = between(this.item.item_id, id, size, ...inPicture(from.x, from.y), ...inPicture(event.clientX, event.clientY));
      this.app.store.set({ cursor: this.item.item_id, mode: { name: "region", region }, notice: "" });
    });
    overlay.addEventListener("pointerup", (event) => {
      const coding = this.under(id, event, overlay, size);
      if (from && !dragged && coding) mark(this.app, coding);
      else if (from && !dragged) this.app.store.set({ cursor: this.item.item_id, zoomed: !this.app.state.zoomed });
      from = null;
    });
  }

  private under(id: string, event: PointerEvent, overlay: SVGSVGElement, size: Size): Coding | undefined {
    const box = overlay.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * size.width;
    const y = ((event.clientY - box.top) / box.height) * size.height;
    return this.drawn.codings?.find((one) => one.media_id === id && one.x !== null && one.y !== null &&
      x >= one.x && y >= one.y && x < one.x + one.w! && y < one.y + one.h!);
  }

  private redraw(): void {
    const { codings, region } = this.drawn;
    for (const [id, { overlay, size, frame }] of this.overlays) {
      const scale = size.width / (frame.clientWidth || size.width);
      const shapes = (codings ?? []).filter((coding) => coding.media_id === id && coding.w !== null)
        .map((coding) => this.shape(coding, scale));
      const now = region?.media === id
        ? svg("rect", { class: "marking", "vector-effect": "non-scaling-stroke", x: region.x, y: region.y, width: region.w, height: region.h })
        : null;
      overlay.replaceChildren(...shapes, ...(now ? [now] : []));
    }
    if (region) this.element.querySelector(".marking")?.scrollIntoView({ block: "nearest" });
  }

  private shape(coding: Coding, scale: number): SVGGElement {
    const { x, y, w, h: height } = coding;
    const same = (this.drawn.codings ?? []).filter((one) => sameRegion(one, coding));
    const at = same.findIndex((one) => keyOf(one.code_id, targetOf(one)) === keyOf(coding.code_id, targetOf(coding)));
    const label = codeOf(this.app.state, coding.code_id)?.key || described(this.app.state, coding).slice(0, 1);
    const text = svg("text", { "font-size": LABEL * scale, x: x! + (5 + at * LABEL) * scale, y: y! + (LABEL + 2) * scale }, label);
    const box = svg("rect", { "vector-effect": "non-scaling-stroke" });
    attributes(box, { x, y, width: w, height });
    return svg("g", { class: codeClass(this.app, coding.code_id) }, box, text);
  }
}

function sameRegion(a: Coding, b: Coding): boolean {
  return a.media_id === b.media_id && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}
