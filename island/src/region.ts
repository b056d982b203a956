// How does the region that a coder marks in a picture move? In original pixels, never out of the picture.

export interface Region {
  item: string;
  media: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The middle of the picture. */
export function firstRegion(item: string, media: string, { width, height }: Size): Region {
  return within({ item, media, x: width * 0.3, y: height * 0.3, w: width * 0.4, h: height * 0.4 }, { width, height });
}

/** The region between two points of the picture. */
export function between(item: string, media: string, size: Size, ax: number, ay: number, bx: number, by: number): Region {
  const [left, right] = [Math.min(ax, bx), Math.max(ax, bx)].map((x) => Math.min(Math.max(x, 0), size.width));
  const [top, bottom] = [Math.min(ay, by), Math.max(ay, by)].map((y) => Math.min(Math.max(y, 0), size.height));
  return within({ item, media, x: left!, y: top!, w: right! - left!, h: bottom! - top! }, size);
}

/** Moved by a step, or (`resize`) its lower right corner moved; `fine` by a pixel, otherwise by a fortieth. */
export function moved(region: Region, size: Size, right: number, down: number, resize: boolean, fine: boolean): Region {
  const step = fine ? 1 : Math.max(1, Math.round(Math.max(size.width, size.height) / 40));
  const changed = resize
    ? { ...region, w: region.w + right * step, h: region.h + down * step }
    : { ...region, x: region.x + right * step, y: region.y + down * step };
  return within(changed, size, resize);
}

/** Whole pixels, at least one, inside the picture; too far out, a region stops at the edge whole. */
function within(region: Region, { width, height }: Size, cut = false): Region {
  const w = Math.min(Math.max(Math.round(region.w), 1), cut ? width - region.x : width);
  const h = Math.min(Math.max(Math.round(region.h), 1), cut ? height - region.y : height);
  const x = Math.min(Math.max(Math.round(region.x), 0), width - w);
  const y = Math.min(Math.max(Math.round(region.y), 0), height - h);
  return { ...region, x, y, w, h };
}
