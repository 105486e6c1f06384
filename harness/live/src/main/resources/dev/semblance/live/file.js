// A trace, or a part of it, from the page itself: nothing is asked of anybody.

import { inflateRaw } from './inflate.js';
import { composed } from './stage.js';
import { PositionError } from './story.js';
import { PictureTable } from './table.js';

/** @typedef {import('./source.js').Source} Source */
/** @typedef {import('./source.js').Story} Story */
/** @typedef {import('./source.js').Picture} Picture */
/** @typedef {import('./source.js').Verdict} Verdict */

/**
 * What else the page has to know.
 * @typedef {object} Contents
 * @property {number[][]} places for each scanout, where each group of its pictures begins
 * @property {[string, string][]} snapshots the labels of the pictures of snapshots, and which each is
 * @property {number} [broken] the event from which on no pictures can be made
 * @property {string} [reason] why
 */

const LINES_TOGETHER = 256;
const EVENTS_TOGETHER = 256;
const THUMB_WIDTH = 128;
const THUMB_HEIGHT = 96;

/** @type {Map<string, string[]>} */
const parts = new Map();

/**
 * The blocks of a part, in Base64.
 * @param {string} part
 */
function blocksOf(part) {
  let blocks = parts.get(part);
  if (!blocks) {
    blocks = (document.getElementById(`data-${part}`)?.textContent ?? '').split('\n').filter(Boolean);
    parts.set(part, blocks);
  }
  return blocks;
}

/**
 * A block as it is in the page.
 * @param {string} part
 * @param {number} block
 */
function bytesOf(part, block) {
  const text = blocksOf(part)[block];
  if (text === undefined) {
    throw new PositionError('This page is not whole: a part of its data is missing.');
  }
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = characters.charCodeAt(i);
  }
  return bytes;
}

/** @param {string} part @param {number} block */
async function textOf(part, block) {
  return new TextDecoder().decode(await inflateRaw(bytesOf(part, block)));
}

/** @param {string} part @param {number} block */
async function jsonOf(part, block) {
  return JSON.parse(await textOf(part, block));
}

/** The names of the traces that are here: that of the one. @returns {Promise<string[]>} */
export async function tracesHere() {
  return [(await jsonOf('story', 0)).title];
}

/** The one trace that is here. @returns {Source} */
export function sourceOf() {
  return new FileSource();
}

/**
 * The trace of this page.
 * @implements {Source}
 */
class FileSource {
  complete = false;

  constructor() {
    /** @type {Promise<Story>} */
    this.told = jsonOf('story', 0);
    /** @type {Promise<Contents>} */
    this.contents = jsonOf('index', 0);
    this.table = this.contents.then(contents => new PictureTable(bytesOf, contents.places));
  }

  async story() {
    return this.told;
  }

  /** @param {number} from @param {number} count */
  async lines(from, count) {
    const { first, kinds } = await this.told;
    const begin = Math.max(0, from - first);
    const end = Math.min(kinds.length, from - first + count);
    const lines = [];
    for (let block = Math.floor(begin / LINES_TOGETHER); block * LINES_TOGETHER < end; block++) {
      lines.push(...(await textOf('lines', block)).split('\n'));
    }
    const skipped = begin % LINES_TOGETHER;
    return lines.slice(skipped, skipped + Math.max(0, end - begin));
  }

  /** @param {string} text */
  async filter(text) {
    const { first } = await this.told;
    const wanted = text.toLowerCase();
    const found = [];
    for (let block = 0; block < blocksOf('lines').length; block++) {
      const lines = (await textOf('lines', block)).split('\n');
      for (let i = 0; i < lines.length; i++) {
        if (lines[i].toLowerCase().includes(wanted)) {
          found.push(first + block * LINES_TOGETHER + i);
        }
      }
    }
    return found;
  }

  /** @param {number} event @returns {Promise<[string, string][]>} */
  async details(event) {
    const at = event - (await this.told).first;
    return at < 0 ? [] : (await jsonOf('details', Math.floor(at / EVENTS_TOGETHER)))[at % EVENTS_TOGETHER];
  }

  /** @param {number} event @returns {Promise<Picture[]>} */
  async pictures(event) {
    const { places } = await this.contents;
    return Promise.all(places.map((_, scanout) => this.picture(event, scanout)));
  }

  /** @param {number} event @param {number} scanout */
  async picture(event, scanout) {
    const { first } = await this.told;
    const { broken, reason } = await this.contents;
    if (broken !== undefined && event >= broken) {
      throw new PositionError(`${reason}.`);
    }
    const table = await this.table;
    if (!table.places[scanout]) {
      throw new PositionError('There are no pictures.');
    }
    return table.picture(scanout, Math.max(0, event - first + 1));
  }

  /** @param {number} event @param {number} scanout */
  async thumbnail(event, scanout) {
    const picture = await this.picture(event, scanout);
    const small = document.createElement('canvas');
    small.width = small.height = 1;
    if (picture.width > 0) {
      const scale = Math.min(1, THUMB_WIDTH / picture.width, THUMB_HEIGHT / picture.height);
      small.width = Math.max(1, Math.round(picture.width * scale));
      small.height = Math.max(1, Math.round(picture.height * scale));
      const large = document.createElement('canvas');
      large.width = picture.width;
      large.height = picture.height;
      large.getContext('2d', { alpha: false })?.putImageData(new ImageData(composed(picture), picture.width, picture.height), 0, 0);
      const pen = small.getContext('2d', { alpha: false });
      if (pen) {
        pen.imageSmoothingQuality = 'high';
        pen.drawImage(large, 0, 0, small.width, small.height);
      }
    }
    return small;
  }

  /** @returns {Promise<Verdict>} */
  async verdict() {
    return jsonOf('verdict', 0);
  }

  /** @param {string} label @param {string} which */
  async snapshot(label, which) {
    const { snapshots } = await this.contents;
    const number = snapshots.findIndex(each => each[0] === label && each[1] === which);
    const picture = blocksOf('snapshots')[number];
    if (picture === undefined) {
      throw new PositionError('There is no such picture.');
    }
    return `data:image/png;base64,${picture}`;
  }

  async image() {
    return '';
  }

  /** @returns {Promise<string[]>} */
  async blame() {
    throw new PositionError('A page by itself cannot play the machine again. Where the trace is, this tells who made the pixel:');
  }
}
