// Which colour and line has a code? From the codebook, as rules of a sheet made by the script: no style is inline.
// Codes that share a colour differ in their line, and each has its letter.
import { LANES } from "./highlights";
import type { Code } from "./types";

const LINES = ["solid", "dashed", "dotted", "double"];
const PLAIN = "#767676";

export function useColours(codes: readonly Code[]): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(codes.map((code, at) => rules(code, at, codes)).join("\n"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function rules(code: Code, at: number, codes: readonly Code[]): string {
  const colour = /^#[0-9a-f]{6}$/i.test(code.colour) ? code.colour : PLAIN;
  const line = LINES[codes.slice(0, at).filter((one) => one.colour === code.colour).length % LINES.length]!;
  const shown = `light-dark(${colour}, color-mix(in oklab, ${colour}, white 30%))`;
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    `::highlight(code-${at}-${lane}) { text-decoration: underline ${line} ${line === "double" ? 1 : 2}px ${shown}; text-underline-offset: ${3 + lane * 4}px; }`);
  return [`.code-${at} { --code: ${shown}; --stroke: ${line};${line === "double" ? " --thick: 3px;" : ""} }`, ...lanes].join("\n");
}
