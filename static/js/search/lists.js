/**
 * Numbers and lists of ids as the index holds them. Decision 13 of the documentation describes their bytes.
 */

const FEW = 4; // runs of fewer ids are whole numbers, others bits

/** Reads numbers of seven bits a byte, the lowest first. */
export class Numbers {
  /**
   * @param {Uint8Array} data
   * @param {number} [at]
   */
  constructor(data, at = 0) {
    this.data = data;
    this.at = at;
  }

  get more() {
    return this.at < this.data.length;
  }

  next() {
    const { data } = this;
    let byte = data[this.at++];
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = data[this.at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }
}

/**
 * @typedef {object} Run
 * @property {number} tag what its ids have in common, below eight
 * @property {Uint32Array} ids ascending
 */

/**
 * The runs of a list.
 * @param {Uint8Array} data
 * @returns {Run[]}
 */
export function readRuns(data) {
  const numbers = new Numbers(data);
  const runs = [];
  while (numbers.more) {
    const head = numbers.next();
    const ids = new Uint32Array(head >>> 3);
    if (ids.length < FEW) for (let i = 0, id = -1; i < ids.length; i++) ids[i] = id += numbers.next() + 1;
    else numbers.at = readBits(data, numbers.at, ids);
    runs.push({ tag: head & 7, ids });
  }
  return runs;
}

/**
 * Ids of a run that is bits: how many low ones a gap has, those of all gaps, then the rest of each as zeros and a one behind them.
 * @param {Uint8Array} data
 * @param {number} at
 * @param {Uint32Array} ids to fill
 * @returns {number} where the run ends
 */
function readBits(data, at, ids) {
  const size = data[at];
  const mask = (1 << size) - 1;
  let low = (at + 1) * 8;
  let end = at + 1 + ((ids.length * size + 7) >>> 3);
  for (let i = 0, id = -1, bit = 0, last = -1; i < ids.length && end < data.length; bit += 8) {
    for (let byte = data[end++]; byte; byte &= byte - 1) {
      const one = bit + 31 - Math.clz32(byte & -byte);
      const place = low >>> 3;
      const bits = (data[place] | (data[place + 1] << 8) | (data[place + 2] << 16) | (data[place + 3] << 24)) >>> (low & 7);
      ids[i++] = id += ((one - last - 1) << size) + (bits & mask) + 1;
      last = one;
      low += size;
    }
  }
  return end;
}

/**
 * The ids of a list of one run, ascending.
 * @param {Uint8Array} data
 * @returns {Uint32Array}
 */
export function readIds(data) {
  return data.length ? readRuns(data)[0].ids : new Uint32Array();
}

/**
 * How many ids a list of one run holds.
 * @param {Uint8Array} data
 */
export function countIds(data) {
  return data.length ? new Numbers(data).next() >>> 3 : 0;
}
