// Asks the search engine what a test wants to know: reads {folder, asks: [[method, ...arguments], ...]} from standard input and writes
// the answers as JSON. Files of the folder stand in for a server.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { neighbourhood } from "../../static/js/network.lazy.js";
import { open } from "../../static/js/search/engine.js";

const { folder, asks } = JSON.parse(readFileSync(0, "utf8"));
const HOME = "https://example.org/sub/";

globalThis.fetch = async (address) => {
  try {
    return new Response(readFileSync(join(folder, new URL(address).pathname.replace(/^\/sub\//, ""))));
  } catch {
    return new Response("", { status: 404 });
  }
};

/** Answers hold typed arrays, maps and functions. */
function plain(name, value) {
  if (ArrayBuffer.isView(value)) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  return typeof value === "function" ? undefined : value;
}

const engine = await open(HOME);
const answers = [];
for (const [method, ...given] of asks) {
  if (method === "facets" || method === "genes" || method === "matched") {
    const [query, options, ...more] = given;
    const result = await engine.search(query, options);
    answers.push(await result[method](...more));
  } else if (method === "neighbourhood") {
    answers.push(await neighbourhood(HOME, given[0]));
  } else if (method === "set") {
    const { recognised } = await engine.resolveGenes(given[0]);
    const found = await engine.geneSet(recognised.map(({ gene }) => gene), given[1]);
    answers.push({ ...found, ranked: found.ranked() });
  } else {
    answers.push(await engine[method](...given));
  }
}
process.stdout.write(JSON.stringify(answers, plain));
