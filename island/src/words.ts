// What does the screen say? The entries of words/coding.toml in the visitor's language, as the page brought them.
import type { Code, Facet } from "./types";

let entries: Record<string, string> = {};
let chinese = false;

export function useWords(given: Record<string, string>, language: string): void {
  entries = given;
  chinese = language.startsWith("zh");
}

/** An entry, its values put in; English may say it differently of one (`n` = 1). */
export function t(name: string, values: Record<string, string | number> = {}): string {
  const words = (values["n"] === 1 ? entries[`${name}_one`] : undefined) ?? entries[name] ?? name;
  return words.replace(/\{(\w+)\}/g, (_, value: string) => {
    const given = values[value];
    return given === undefined ? "" : typeof given === "number" ? number(given) : given;
  });
}

/** `1,234`, as on every other page. */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}

export function nameOf(named: Code | Facet): string {
  return (chinese && named.name_zh) || named.name;
}

/** A kind of account. */
export function kindOf(actor_type: string): string {
  return t(`actor_${actor_type.replaceAll(" ", "_")}`);
}
