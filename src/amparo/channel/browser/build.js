/**
 * Writes the bundle that pages load, and its fingerprint: the same bytes on every machine.
 *
 *     node build.js [folder]
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] || join(here, "..", "static", "channel");

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["seal.js"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  minify: true,
  sourcemap: false,
  banner: { js: await readFile(join(here, "banner.txt"), "utf8") },
  // Where a browser has no cryptography of its own, the libraries look for that of Node: there is none here.
  alias: { crypto: "./no-node.js" },
});
const bundle = outputFiles[0].contents;
const digest = createHash("sha384").update(bundle).digest("base64");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "seal.js"), bundle);
await writeFile(join(folder, "seal.js.sha384"), `sha384-${digest}\n`);
