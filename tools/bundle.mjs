// Bundles static/ into static/dist/ under names that carry a hash of the content, and lists them in manifest.json:
// the style sheet, the scripts, and each file of static/public/ as it is. Same sources, same bytes, same names.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "static");
const dist = join(folder, "dist");

// A classic script runs before the page is painted; a module waits until it is parsed. What others fetch when it is wanted
// (`import("./x.lazy.js")`) comes first: they carry its name.
const entries = [
  ...entriesOf("js", ".lazy.js"),
  { source: "css/site.css", options: {} },
  ...entriesOf("css", ".entry.css"),
  { source: "js/site.js", options: { format: "esm" } },
  { source: "js/theme.js", options: { format: "iife" } },
  { source: "js/stub.js", options: { format: "iife" } },
  ...entriesOf("js", ".entry.js"),
];

/** The entries of a folder whose names end so. */
function entriesOf(place, ending) {
  const options = place === "js" ? { format: "esm" } : {};
  return list(place)
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ source: `${place}/${name}`, options }));
}

/** The names of the files in a folder of static/, sorted; none where there is no such folder. */
function list(name) {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((item) => item.isFile() && !item.name.startsWith("."))
    .map((item) => item.name)
    .sort();
}

/** An import of a script that is fetched when it is wanted stays one, of the name under which it is published. */
function lazily(published) {
  const setup = ({ onResolve }) =>
    onResolve({ filter: /\.lazy\.js$/ }, ({ kind, path }) => {
      if (kind !== "dynamic-import") return undefined;
      const name = published.get(plain(path));
      return name ? { path: `./${name}`, external: true } : { errors: [{ text: `static/js has no ${path}` }] };
    });
  return { name: "lazily", setup };
}

/** The minified bytes of one entry with all that it imports. */
async function bundle({ source, options }, published) {
  if (!existsSync(join(folder, source))) throw new Error(`static/${source} not found: the site needs it`);
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    outdir: dist,
    target: source.endsWith(".css") ? ["chrome111", "firefox113", "safari16.4"] : "es2020",
    charset: "utf8",
    legalComments: "inline",
    loader: { ".svg": "dataurl" },
    logLevel: "warning",
    plugins: [lazily(published)],
    ...options,
  });
  return Buffer.from(result.outputFiles[0].contents);
}

/** The name without what says how it is loaded: `x.js` of `js/x.entry.js`. */
function plain(source) {
  return source.split("/").pop().replace(/\.(entry|lazy)\./, ".");
}

/** The published name: `site.css` becomes `site.<hash>.css`. */
function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}.${hash}${extension}`;
}

/** Every file to publish, by its plain name. */
async function collect() {
  const files = new Map();
  const published = new Map();
  const add = (name, bytes) => {
    if (files.has(name)) throw new Error(`two sources make ${name} in static/dist`);
    files.set(name, bytes);
    published.set(name, hashed(name, bytes));
  };
  for (const entry of entries) add(plain(entry.source), await bundle(entry, published));
  for (const name of list("public")) add(name, readFileSync(join(folder, "public", name)));
  return files;
}

/** Write the new files before the old ones go, so that a build that reads meanwhile finds what it looks for. */
async function main() {
  const files = await collect();
  mkdirSync(dist, { recursive: true });
  const manifest = {};
  for (const name of [...files.keys()].sort()) {
    manifest[name] = hashed(name, files.get(name));
    writeFileSync(join(dist, manifest[name]), files.get(name));
  }
  writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const kept = new Set(["manifest.json", ...Object.values(manifest)]);
  for (const name of readdirSync(dist)) if (!kept.has(name)) rmSync(join(dist, name), { recursive: true });
}

try {
  await main();
} catch (error) {
  console.error(`bundle: ${error.message}`);
  process.exitCode = 1;
}
