/**
 * The files of the index: fetched once, several at a time, and read. Decision 13 of the documentation describes their bytes.
 */

import { Numbers } from "./lists.js";

const KEPT = 1500;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A file of the index is gone: the site was published anew while the page was open. */
export class StaleIndex extends Error {}

/**
 * A promise that rejects as soon as a signal is aborted. The fetch behind it goes on: it is small, and the next search may want it.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export function unlessAborted(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The files of one index. */
export class Store {
  /** @type {Map<string, Promise<any>>} */
  #files = new Map();
  /** Whether a file of it was gone: another index is published by now. */
  stale = false;

  /** @param {string} folder absolute address of the folder of the index, with a slash at its end */
  constructor(folder) {
    this.folder = folder;
  }

  /**
   * The contents of a file, fetched at most once.
   * @template T
   * @param {string} path
   * @param {(response: Response) => Promise<T>} read
   * @returns {Promise<T>}
   */
  file(path, read) {
    const known = this.#files.get(path);
    if (known) return known;
    const made = this.#fetch(path, read);
    this.#files.set(path, made);
    made.catch(() => this.#files.delete(path)); // the next wish tries again
    if (this.#files.size > KEPT) this.#files.delete(/** @type {string} */ (this.#files.keys().next().value));
    return made;
  }

  /**
   * @template T
   * @param {string} path
   * @param {(response: Response) => Promise<T>} read
   */
  async #fetch(path, read) {
    const response = await fetch(this.folder + path);
    // A page in place of a file, as some servers have for what is not there, and networks that ask for a login.
    const page = response.headers.get("content-type")?.startsWith("text/html");
    if (page || response.status === 404 || response.status === 410) {
      this.stale = true;
      throw new StaleIndex(`${path} is gone`);
    }
    if (!response.ok) throw new Error(`The search index cannot be read: ${response.status} ${response.statusText}`);
    return read(response);
  }

  /**
   * @param {string} path
   * @returns {Promise<any>}
   */
  json(path) {
    return this.file(path, (response) => response.json());
  }

  /**
   * @param {string} path
   * @returns {Promise<Shard>}
   */
  shard(path) {
    return this.file(path, async (response) => new Shard(new Uint8Array(await response.arrayBuffer())));
  }
}

/**
 * @typedef {object} Entry
 * @property {string} key
 * @property {Uint8Array} value
 */

/** A piece of a table: keys in ascending order of their bytes, each with a value. */
class Shard {
  /** @param {Uint8Array} data */
  constructor(data) {
    const numbers = new Numbers(data);
    const count = (this.count = numbers.next());
    const take = () => Uint32Array.from({ length: count }, () => numbers.next());
    const [shared, rest, sizes] = [take(), take(), take()];
    this.keys = new Uint32Array(count + 1);
    this.values = new Uint32Array(count + 1);
    let { at } = numbers;
    for (let i = 0; i < count; i++) this.keys[i + 1] = this.keys[i] + shared[i] + rest[i];
    // A key says how it differs from the one before: here they stand in full.
    this.text = new Uint8Array(this.keys[count]);
    for (let i = 0; i < count; i++) {
      const start = this.keys[i];
      if (shared[i]) this.text.copyWithin(start, this.keys[i - 1], this.keys[i - 1] + shared[i]);
      this.text.set(data.subarray(at, (at += rest[i])), start + shared[i]);
    }
    this.data = data;
    this.values[0] = at;
    for (let i = 0; i < count; i++) this.values[i + 1] = this.values[i] + sizes[i];
  }

  /**
   * The place of the first key that does not stand before some bytes.
   * @param {Uint8Array} bytes
   */
  lower(bytes) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#before(middle, bytes)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * @param {number} place
   * @param {Uint8Array} bytes
   */
  #before(place, bytes) {
    const start = this.keys[place];
    const size = this.keys[place + 1] - start;
    for (let i = 0; i < size && i < bytes.length; i++) {
      const step = this.text[start + i] - bytes[i];
      if (step) return step < 0;
    }
    return size < bytes.length;
  }

  /**
   * Whether the key at a place begins with some bytes.
   * @param {number} place
   * @param {Uint8Array} bytes
   */
  begins(place, bytes) {
    const start = this.keys[place];
    if (place >= this.count || this.keys[place + 1] - start < bytes.length) return false;
    return bytes.every((byte, i) => this.text[start + i] === byte);
  }

  /**
   * @param {number} place
   * @returns {Entry}
   */
  entry(place) {
    return { key: decoder.decode(this.text.subarray(this.keys[place], this.keys[place + 1])), value: this.value(place) };
  }

  /** @param {number} place */
  value(place) {
    return this.data.subarray(this.values[place], this.values[place + 1]);
  }

  /** @param {number} place */
  keySize(place) {
    return this.keys[place + 1] - this.keys[place];
  }
}

/**
 * Whether a text stands before another in the order of code points, which is that of the bytes of UTF-8.
 * @param {string} a
 * @param {string} b
 */
function before(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    // Halves of a pair stand for code points behind all others.
    if (x !== y) return (x >= 0xd800 && x < 0xe000 ? x + 0x10000 : x) < (y >= 0xd800 && y < 0xe000 ? y + 0x10000 : y);
  }
  return a.length < b.length;
}

/** A table of the index. */
export class Table {
  /**
   * @param {Store} store
   * @param {string} kind name of its folder
   * @param {{first: string[], names: string}} about where its shards begin, and their names
   */
  constructor(store, kind, about) {
    this.store = store;
    this.kind = kind;
    this.first = about.first;
    this.names = about.names ? about.names.split(" ") : [];
  }

  /**
   * The shard in which a key would be.
   * @param {string} key
   */
  #place(key) {
    let low = 0;
    let high = this.names.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (before(key, this.first[middle])) high = middle;
      else low = middle;
    }
    return low;
  }

  /** @param {number} place */
  #shard(place) {
    return this.store.shard(`${this.kind}/${this.names[place]}.bin`);
  }

  /**
   * The value of a key; undefined if there is none.
   * @param {string} key
   * @returns {Promise<Uint8Array | undefined>}
   */
  async find(key) {
    if (!this.names.length) return undefined;
    const shard = await this.#shard(this.#place(key));
    const bytes = encoder.encode(key);
    const place = shard.lower(bytes);
    return shard.begins(place, bytes) && shard.keySize(place) === bytes.length ? shard.value(place) : undefined;
  }

  /**
   * In how many shards keys that begin with a text may stand.
   * @param {string} start
   */
  spread(start) {
    return this.#place(`${start}\u{10ffff}`) - this.#place(start) + 1;
  }

  /**
   * All entries whose keys begin with a text, in the order of keys.
   * @param {string} start
   * @returns {Promise<Entry[]>}
   */
  async beginning(start) {
    if (!this.names.length) return [];
    const from = this.#place(start);
    const to = this.#place(`${start}\u{10ffff}`);
    const shards = await Promise.all(Array.from({ length: to - from + 1 }, (_, i) => this.#shard(from + i)));
    const bytes = encoder.encode(start);
    const found = [];
    for (const shard of shards) {
      for (let place = shard.lower(bytes); shard.begins(place, bytes); place++) found.push(shard.entry(place));
    }
    return found;
  }
}

/** @param {Uint8Array} data */
export function readText(data) {
  return decoder.decode(data);
}

/**
 * What is wrong, for readers.
 * @param {unknown} error
 * @returns {string}
 */
export function message(error) {
  if (error instanceof StaleIndex) return "The site was published anew. Search again.";
  // The words of Chromium, Firefox and Safari; other errors of this type are faults of ours.
  if (error instanceof TypeError && /\bfetch\b|network|load failed/i.test(error.message))
    return "The index of the search could not be read. Is there a network?";
  return error instanceof Error ? error.message : String(error);
}
