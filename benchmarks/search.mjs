// How long a search takes: node benchmarks/search.mjs SITE [RUNS]
//
// Serves a built site over HTTP/2 in a process of its own, behind a made-up line of 50 ms from question to answer and 20 Mbit/s that all answers share, and asks the 12
// queries of docs/benchmarks.md with the search engine itself. Cold is: connection (two round trips), page, bundled script, index.json, and
// the first twenty results, with nothing kept from before. The client is Node.js, so what a browser takes to lay out a page is not in it.
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:http2";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROUND_TRIP = 50;
const BYTES_A_MS = 20e6 / 8 / 1000;
const PACKED = new Set([".json", ".js", ".html"]); // what hosts pack without being told
const QUERIES = [
  "ERBB2", "HER2 trastuzumab", "cancer", "PI3K AKT mTOR", "wnt", "terpenoid biosynthesis", "PMC7464074", "il-6", "hippo yap taz",
  "alzheimer amyloid", "glycolsis", "autoph",
];
const SETS = [40, 500];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Serves files, each as late as the line would bring it. */
function serve(folder, extra) {
  const files = new Map();
  let free = 0;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    if (!files.has(path)) {
      try {
        const data = path in extra ? Buffer.from(extra[path]) : readFileSync(join(folder, path));
        files.set(path, PACKED.has(extname(path)) ? gzipSync(data) : data);
      } catch {
        files.set(path, null);
      }
    }
    const data = files.get(path);
    free = Math.max(free, performance.now()) + (data?.length ?? 0) / BYTES_A_MS;
    await wait(free - performance.now() + ROUND_TRIP);
    response.writeHead(data ? 200 : 404, data && PACKED.has(extname(path)) ? { "content-encoding": "gzip" } : {});
    response.end(data ?? "");
  });
  server.listen(0, () => process.send(server.address().port));
}

/** A line to the server, as `fetch` uses it. */
class Line {
  bytes = 0;
  files = 0;

  constructor(port) {
    this.port = port;
  }

  async open() {
    await wait(2 * ROUND_TRIP); // TCP and TLS
    this.session = connect(`http://localhost:${this.port}`);
    globalThis.fetch = (address) => this.fetch(new URL(address).pathname);
  }

  fetch(path) {
    return new Promise((resolve, reject) => {
      const stream = this.session.request({ ":path": path });
      const parts = [];
      let head;
      stream.on("response", (headers) => (head = headers));
      stream.on("data", (part) => parts.push(part));
      stream.on("error", reject);
      stream.on("end", async () => {
        const data = Buffer.concat(parts);
        this.bytes += data.length;
        this.files += 1;
        const body = new Response(data).body;
        const text = head["content-encoding"] ? body.pipeThrough(new DecompressionStream("gzip")) : body;
        resolve(new Response(text, { status: head[":status"] }));
      });
    });
  }
}

/** Runs one question on a cold page; returns times in ms, bytes and what was found. */
async function cold(port, ask) {
  const line = new Line(port);
  const begin = performance.now();
  await line.open();
  await line.fetch("/explore.html");
  await (await line.fetch("/engine.js")).text();
  const { open } = await import(`../static/js/search/engine.js?${Math.random()}`);
  const engine = await open("http://localhost/");
  const at = performance.now();
  const found = await ask(engine);
  const end = performance.now();
  const { bytes, files } = line;
  line.session.close();
  return { total: end - begin, search: end - at, bytes, files, found, engine, line };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const seconds = (ms) => (ms / 1000).toFixed(2);

async function measure(port, folder, runs) {
  console.log("| query | figures | cold s | bytes kB | files | further s |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  const all = [];
  for (const query of QUERIES) {
    const results = [];
    for (let run = 0; run < runs; run++) results.push(await cold(port, (engine) => engine.search(query, { limit: 20 })));
    const further = [];
    for (let run = 0; run < runs; run++) {
      const line = new Line(port);
      await line.open();
      const { open } = await import(`../static/js/search/engine.js?${Math.random()}`);
      const engine = await open("http://localhost/");
      await engine.search("signaling", { limit: 20 });
      const at = performance.now();
      await engine.search(query, { limit: 20 });
      further.push(performance.now() - at);
      line.session.close();
    }
    const [one] = results;
    const row = { cold: median(results.map((r) => r.total)), bytes: one.bytes, further: median(further) };
    all.push(row);
    const found = one.found.total || (one.found.didYouMean[0] ? `"${one.found.didYouMean[0].instead}"` : 0);
    console.log(`| \`${query}\` | ${found} | ${seconds(row.cold)} | ${Math.round(row.bytes / 1000)} | ${one.files} | ${seconds(row.further)} |`);
  }
  const column = (name) => all.map((row) => row[name]);
  console.log(`| median | | ${seconds(median(column("cold")))} | ${Math.round(median(column("bytes")) / 1000)} | | ${seconds(median(column("further")))} |`);
  console.log(`| worst | | ${seconds(Math.max(...column("cold")))} | ${Math.round(Math.max(...column("bytes")) / 1000)} | | ${seconds(Math.max(...column("further")))} |\n`);
  const names = JSON.parse(readFileSync(join(folder, "genes/names.json"), "utf8")).sort((a, b) => b[2] - a[2]);
  for (const size of SETS) {
    const text = names.slice(0, size).map(([symbol]) => symbol).join(" ");
    const ask = async (engine) => engine.geneSet((await engine.resolveGenes(text)).recognised.map(({ gene }) => gene));
    const results = [];
    for (let run = 0; run < runs; run++) results.push(await cold(port, ask));
    const [{ found, bytes, files }] = results;
    console.log(`${found.set} genes: ${found.total} figures, ${seconds(median(results.map((r) => r.search)))} s, ${Math.round(bytes / 1000)} kB, ${files} files`);
  }
}

const [folder, runs = "3"] = process.argv.slice(2);
const bundle = await build({
  entryPoints: [join(root, "static/js/search/engine.js")], bundle: true, minify: true, write: false, format: "esm", target: "es2020",
});
if (process.send) serve(folder, { "/engine.js": bundle.outputFiles[0].contents, "/explore.html": "<!doctype html>".padEnd(8000, " x") });
else {
  console.log(`engine: ${gzipSync(bundle.outputFiles[0].contents, { level: 9 }).length} bytes packed`);
  const server = fork(fileURLToPath(import.meta.url), [folder]);
  server.once("message", async (port) => {
    await measure(port, folder, Number(runs));
    server.kill();
  });
}
