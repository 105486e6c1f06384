// What scanouts showed, from lists of what changed when, and rows and images that are there once each. docs/VIEWER.md has the form.

import { inflateRaw } from './inflate.js';

/** @typedef {import('./source.js').Picture} Picture */
/** @typedef {import('./source.js').Cursor} Cursor */
/** @typedef {(part: string, block: number) => Uint8Array<ArrayBuffer>} Blocks gives a block as it is in the page: deflated */
/** @typedef {{width: number, pixels: Uint8ClampedArray<ArrayBuffer>}} RowBlock */

const BLOCK_ROWS = 64;
const PALETTE = 2;
const ABOVE = 1;
const HAS_ROWS = 1;
const IS_DARK = 2;
const HAS_CURSOR = 4;
const KEPT_BYTES = 96 << 20;

/** Reads numbers of seven bits a byte, the lowest first. */
class NumberReader {
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @returns {boolean} whether there is more */
  more() {
    return this.at < this.bytes.length;
  }

  unsigned() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      if (byte < 128) {
        return value;
      }
    }
  }

  signed() {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/**
 * The rows of a block, R, G, B and 255 of each pixel.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {RowBlock}
 */
function rowsOf(bytes) {
  const reader = new NumberReader(bytes);
  const form = reader.unsigned();
  const width = reader.unsigned();
  const count = width * reader.unsigned();
  const pixels = new Uint8ClampedArray(4 * count).fill(255);
  let from = reader.at;
  if (form === PALETTE) {
    const colours = bytes.subarray(from + 1);
    from += 1 + 3 * (bytes[from] + 1);
    for (let pixel = 0; pixel < count; pixel++) {
      const colour = 3 * bytes[from + pixel];
      pixels[4 * pixel] = colours[colour];
      pixels[4 * pixel + 1] = colours[colour + 1];
      pixels[4 * pixel + 2] = colours[colour + 2];
    }
    return { width, pixels };
  }
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const at = 4 * pixel + channel;
      const above = form === ABOVE && pixel >= width ? pixels[at - 4 * width] : 0;
      pixels[at] = bytes[from + 3 * pixel + channel] + above & 255;
    }
  }
  return { width, pixels };
}

/** What one scanout shows at a place. */
class Moment {
  width = 0;
  /** The numbers of its rows; none where it is dark. */
  rows = new Uint32Array(0);
  /** The number of the cursor's image; 0 where it is hidden. */
  image = 0;
  x = 0;
  y = 0;
}

/**
 * Reads a group of pictures up to a place.
 * @param {Uint8Array<ArrayBuffer>} group
 * @param {number} first the place of the first picture in it
 * @param {number} place
 */
function momentOf(group, first, place) {
  const reader = new NumberReader(group);
  const moment = new Moment();
  let nextRow = 0;
  let at = first;
  while (reader.more()) {
    at += reader.unsigned();
    if (at > place) {
      break;
    }
    const what = reader.unsigned();
    if (what & IS_DARK) {
      moment.width = 0;
      moment.rows = new Uint32Array(0);
    }
    if (what & HAS_ROWS) {
      moment.width = reader.unsigned();
      const height = reader.unsigned();
      if (moment.rows.length !== height) {
        moment.rows = new Uint32Array(height);
      }
      let y = 0;
      for (let changed = reader.unsigned(); changed > 0; changed--) {
        y += reader.unsigned();
        nextRow += reader.signed();
        moment.rows[y++] = nextRow++;
      }
    }
    if (what & HAS_CURSOR) {
      moment.image = reader.unsigned();
      if (moment.image) {
        moment.x = reader.signed();
        moment.y = reader.signed();
      }
    }
  }
  return moment;
}

export class PictureTable {
  /**
   * @param {Blocks} blocks
   * @param {number[][]} places for each scanout, where each group of its pictures begins
   */
  constructor(blocks, places) {
    this.blocks = blocks;
    this.places = places;
    /** @type {Map<number, RowBlock>} */
    this.kept = new Map();
    this.keptBytes = 0;
    /** @type {Map<number, Cursor>} */
    this.images = new Map();
    /** @type {Map<string, Uint8Array<ArrayBuffer>>} the last group of each scanout that was read */
    this.groups = new Map();
  }

  /** @param {string} part @param {number} block */
  async inflated(part, block) {
    return new Uint8Array(await inflateRaw(this.blocks(part, block)));
  }

  /** @param {number} number */
  async rowBlock(number) {
    const known = this.kept.get(number);
    if (known) {
      // The one that was used last goes last.
      this.kept.delete(number);
      this.kept.set(number, known);
      return known;
    }
    const made = rowsOf(await this.inflated('rows', number));
    if (!this.kept.has(number)) {
      this.kept.set(number, made);
      this.keptBytes += made.pixels.length;
    }
    for (const [oldest, block] of this.kept) {
      if (this.keptBytes <= KEPT_BYTES || oldest === number) {
        break;
      }
      this.kept.delete(oldest);
      this.keptBytes -= block.pixels.length;
    }
    return made;
  }

  /** @param {number} scanout @param {number} number of the group */
  async group(scanout, number) {
    const name = `pictures-${scanout}/${number}`;
    const known = this.groups.get(name);
    if (known) {
      return known;
    }
    const made = await this.inflated(`pictures-${scanout}`, number);
    if (this.groups.size > 2 * this.places.length) {
      this.groups.delete([...this.groups.keys()][0]);
    }
    this.groups.set(name, made);
    return made;
  }

  /** @param {Moment} moment @returns {Promise<Cursor | undefined>} */
  async cursor(moment) {
    if (!moment.image) {
      return undefined;
    }
    let image = this.images.get(moment.image);
    if (!image) {
      const bytes = await this.inflated('cursors', moment.image - 1);
      const view = new DataView(bytes.buffer);
      const pixels = new Uint8ClampedArray(bytes.buffer, 4);
      image = { x: 0, y: 0, width: view.getUint16(0), height: view.getUint16(2), pixels };
      this.images.set(moment.image, image);
    }
    return { ...image, x: moment.x, y: moment.y };
  }

  /**
   * What a scanout shows.
   * @param {number} scanout
   * @param {number} place how many events of those in the page have happened
   * @returns {Promise<Picture>}
   */
  async picture(scanout, place) {
    const places = this.places[scanout];
    let number = 0;
    while (number + 1 < places.length && places[number + 1] <= place) {
      number++;
    }
    const moment = momentOf(await this.group(scanout, number), places[number], place);
    const { width, rows } = moment;
    const pixels = new Uint8ClampedArray(4 * width * rows.length);
    /** @type {Map<number, RowBlock>} */
    const blocks = new Map();
    for (let y = 0; y < rows.length; y++) {
      const wanted = Math.floor(rows[y] / BLOCK_ROWS);
      let block = blocks.get(wanted);
      if (!block) {
        block = await this.rowBlock(wanted);
        blocks.set(wanted, block);
      }
      const from = 4 * width * (rows[y] % BLOCK_ROWS);
      pixels.set(block.pixels.subarray(from, from + 4 * width), 4 * width * y);
    }
    return { width, height: rows.length, pixels, cursor: await this.cursor(moment) };
  }
}
