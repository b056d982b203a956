// Bundles each script of the workbench into src/resilens/web/static: the same sources give the same bytes, anywhere.
// `node build.mjs FOLDER` writes elsewhere, so that a test can compare.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const entries = ["coding", "dropping", "drafting", "pages", "redaction"].map((name) => join(here, "src", `${name}.ts`)).filter((file) => existsSync(file));

await build({
  entryPoints: entries,
  outdir: process.argv[2] ?? join(here, "..", "src", "resilens", "web", "static"),
  absWorkingDir: here,
  bundle: true,
  format: "iife",
  target: ["chrome120", "firefox140", "safari17.4"],
  charset: "utf8",
  minifySyntax: true,
  legalComments: "none",
  sourcemap: false,
  banner: { js: "// Built from island/src by `npm run build`; not edited by hand." },
});
