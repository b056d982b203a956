// How is an element made? With attributes, listeners and children; text only ever becomes a text node.

type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Child = Node | string | null | false | undefined;

/** `class`, any attribute, or `onclick` and other listeners; false and null leave an attribute out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, given: Record<string, Value> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  attributes(made, given);
  made.append(...present(children));
  return made;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, given: Record<string, Value> = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  attributes(made, given);
  made.append(...present(children));
  return made;
}

export function attributes(element: Element, given: Record<string, Value>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as unknown as EventListener);
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined);
}

/** A key as it is printed. */
export function kbd(key: string): HTMLElement {
  return h("kbd", {}, key);
}
