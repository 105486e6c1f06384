// A trace from the server that plays it.

import { inflateRaw } from './inflate.js';
import { PositionError } from './story.js';

/** @typedef {import('./source.js').Source} Source */
/** @typedef {import('./source.js').Picture} Picture */

const PICTURE_HEADER = 28;
const KEPT_PICTURES = 24;
/** Of large pictures fewer are kept. */
const KEPT_BYTES = 128 * 2 ** 20;

/**
 * @param {string} path
 * @param {Record<string, string | number>} parameters
 */
function address(path, parameters) {
  const query = new URLSearchParams();
  Object.entries(parameters).forEach(([name, value]) => query.set(name, String(value)));
  return `${path}?${query}`;
}

/**
 * @param {string} path
 * @param {Record<string, string | number>} parameters
 */
async function ask(path, parameters) {
  let response;
  try {
    response = await fetch(address(path, parameters));
  } catch {
    throw new PositionError('The program that serves this page has ended, or cannot be reached.');
  }
  if (!response.ok) {
    throw new PositionError((await response.text()).trim() || `${response.status}`);
  }
  return response;
}

/** The names of the traces that are served. @returns {Promise<string[]>} */
export async function tracesHere() {
  return (await ask('traces', {})).json();
}

/** One of them. @param {number} trace its number @returns {Source} */
export function sourceOf(trace) {
  return new ServerSource(trace);
}

/**
 * One of the traces that are served.
 * @implements {Source}
 */
class ServerSource {
  complete = true;

  /** @param {number} trace its number */
  constructor(trace) {
    this.trace = trace;
    /** @type {Map<number, Promise<Picture[]>>} */
    this.kept = new Map();
    /** How many bytes the pictures of an event have. @type {Map<number, number>} */
    this.sizes = new Map();
  }

  /** @param {string} path @param {Record<string, string | number>} parameters */
  async json(path, parameters = {}) {
    return (await ask(path, { trace: this.trace, ...parameters })).json();
  }

  async story() {
    return this.json('story');
  }

  /** @param {number} from @param {number} count */
  async lines(from, count) {
    return this.json('lines', { from, count });
  }

  /** @param {string} text */
  async filter(text) {
    return this.json('filter', { text });
  }

  /** @param {number} event */
  async details(event) {
    return this.json('details', { event });
  }

  async verdict() {
    return this.json('verdict');
  }

  /** @param {number} event */
  pictures(event) {
    const known = this.kept.get(event);
    if (known) {
      return known;
    }
    const asked = this.load(event);
    this.kept.set(event, asked);
    asked.then(pictures => {
      if (this.kept.get(event) === asked) {
        this.sizes.set(event, pictures.reduce((sum, each) => sum + each.pixels.length + (each.cursor?.pixels.length ?? 0), 0));
        this.dropOld();
      }
    }, () => this.kept.delete(event));
    this.dropOld();
    return asked;
  }

  dropOld() {
    let bytes = [...this.sizes.values()].reduce((sum, each) => sum + each, 0);
    for (const event of [...this.kept.keys()]) {
      if (this.kept.size === 1 || this.kept.size <= KEPT_PICTURES && bytes <= KEPT_BYTES) {
        return;
      }
      bytes -= this.sizes.get(event) ?? 0;
      this.kept.delete(event);
      this.sizes.delete(event);
    }
  }

  /** @param {number} event @returns {Promise<Picture[]>} */
  async load(event) {
    const bytes = await (await ask('pictures', { trace: this.trace, event })).arrayBuffer();
    const view = new DataView(bytes);
    const pictures = [];
    for (let at = 0; at < bytes.byteLength;) {
      const [width, height, x, y] = [view.getUint32(at), view.getUint32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12)];
      const [cursorWidth, cursorHeight] = [view.getUint16(at + 16), view.getUint16(at + 18)];
      const length = view.getUint32(at + 24);
      const sent = new Uint8Array(bytes, at + PICTURE_HEADER, length);
      const pixels = view.getUint32(at + 20) ? await inflateRaw(sent) : bytes.slice(at + PICTURE_HEADER, at + PICTURE_HEADER + length);
      pictures.push({
        width,
        height,
        pixels: new Uint8ClampedArray(pixels, 0, 4 * width * height),
        cursor: cursorWidth
            ? { x, y, width: cursorWidth, height: cursorHeight, pixels: new Uint8ClampedArray(pixels, 4 * width * height) }
            : undefined,
      });
      at += PICTURE_HEADER + length;
    }
    return pictures;
  }

  /** @param {number} event @param {number} scanout */
  async thumbnail(event, scanout) {
    const response = await ask('thumbnail', { trace: this.trace, event, scanout });
    return response.status === 204 ? document.createElement('canvas') : createImageBitmap(await response.blob());
  }

  /** @param {string} label @param {string} which */
  async snapshot(label, which) {
    return address('snapshot', { trace: this.trace, label, which });
  }

  /** @param {number} event @param {number} resource */
  async image(event, resource) {
    return address('image', { trace: this.trace, event, resource });
  }

  /** @param {number} event @param {number} scanout @param {number} x @param {number} y */
  async blame(event, scanout, x, y) {
    return this.json('blame', { event, scanout, x, y });
  }
}
