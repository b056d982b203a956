// How does an act get its id? UUIDv7, each greater than the one before, so that sorting by id is sorting by time.

let latest = 0;
let counter = 0;

/** Ids made from now on sort behind this one. */
export function laterThan(id: string): void {
  const at = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  if (at >= latest) {
    latest = at + 1;
    counter = 0;
  }
}

export function uuid7(): string {
  const now = Date.now();
  if (now > latest) {
    latest = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    latest += 1;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const head = latest.toString(16).padStart(12, "0") + (0x7000 | counter).toString(16);
  const all = head + tail;
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join("-");
}
