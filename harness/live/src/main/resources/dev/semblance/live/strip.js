// A strip of small pictures, one for each change of what is shown; only those in sight are in the page, and made.

import { placeAt, scrolled, scrollTo } from './rows.js';
import { firstAtLeast } from './story.js';

/** @typedef {import('./story.js').StoryIndex} StoryIndex */
/** @typedef {import('./source.js').Source} Source */

const PITCH = 140;
const BEYOND = 3;
const KEPT_IMAGES = 600;
const AT_ONCE = 2;

export class Strip {
  /**
   * @param {HTMLElement} box in which it scrolls
   * @param {(event: number) => void} chosen is told which place is chosen
   */
  constructor(box, chosen) {
    this.box = box;
    this.chosen = chosen;
    /** @type {StoryIndex | undefined} */
    this.index = undefined;
    /** @type {Source | undefined} */
    this.source = undefined;
    this.current = -1;
    /** @type {Map<number, HTMLElement>} */
    this.items = new Map();
    /** @type {Map<number, CanvasImageSource>} */
    this.images = new Map();
    /** @type {Set<number>} */
    this.asked = new Set();
    this.space = document.createElement('div');
    this.space.className = 'space';
    this.space.setAttribute('role', 'presentation');
    box.append(this.space);
    box.addEventListener('scroll', () => this.show());
    new ResizeObserver(() => this.show()).observe(box);
    box.addEventListener('click', event => {
      const item = event.target instanceof Element ? event.target.closest('.thumb') : null;
      if (item instanceof HTMLElement && this.index) {
        chosen(this.index.shown[Number(item.dataset.index)]);
      }
    });
  }

  /**
   * Shows a trace.
   * @param {StoryIndex} index
   * @param {Source} source
   */
  open(index, source) {
    this.index = index;
    this.source = source;
    this.items.forEach(item => item.remove());
    this.items.clear();
    this.images.clear();
    this.asked.clear();
    this.current = -1;
    this.space.style.width = `${scrolled(Math.max(1, index.shown.length) * PITCH)}px`;
    this.box.scrollLeft = 0;
    this.show();
  }

  /** Brings what is shown at a place into sight. @param {number} event */
  select(event) {
    if (!this.index) {
      return;
    }
    this.current = firstAtLeast(this.index.shown, event + 1) - 1;
    const left = Math.max(0, this.current) * PITCH;
    const { scrollLeft, clientWidth } = this.box;
    const length = this.index.shown.length * PITCH;
    const first = placeAt(scrollLeft, clientWidth, length);
    if (left < first || left + PITCH > first + clientWidth) {
      this.box.scrollLeft = scrollTo(left - (clientWidth - PITCH) / 2, clientWidth, length);
    }
    this.show();
  }

  show() {
    const { index } = this;
    if (!index) {
      return;
    }
    const { scrollLeft, clientWidth } = this.box;
    const first = placeAt(scrollLeft, clientWidth, index.shown.length * PITCH);
    const from = Math.max(0, Math.floor(first / PITCH) - BEYOND);
    const to = Math.min(index.shown.length, Math.ceil((first + clientWidth) / PITCH) + BEYOND);
    this.items.forEach((item, number) => {
      if (number < from || number >= to) {
        item.remove();
        this.items.delete(number);
      }
    });
    for (let number = from; number < to; number++) {
      let item = this.items.get(number);
      if (!item) {
        item = this.item(index, number);
        this.items.set(number, item);
        this.space.append(item);
      }
      item.style.left = `${number * PITCH + scrollLeft - first}px`;
      item.setAttribute('aria-selected', String(number === this.current));
      item.classList.toggle('current', number === this.current);
    }
    if (this.items.has(this.current)) {
      this.box.setAttribute('aria-activedescendant', `thumb-${this.current}`);
    } else {
      this.box.removeAttribute('aria-activedescendant');
    }
    this.fetchNext();
  }

  /**
   * @param {StoryIndex} index
   * @param {number} number
   */
  item(index, number) {
    const [event, scanout] = index.story.shown[number];
    const item = document.createElement('div');
    item.className = 'thumb';
    item.id = `thumb-${number}`;
    item.dataset.index = String(number);
    item.setAttribute('role', 'option');
    item.setAttribute('aria-setsize', String(index.shown.length));
    item.setAttribute('aria-posinset', String(number + 1));
    const canvas = document.createElement('canvas');
    canvas.width = 128;
    canvas.height = 96;
    const label = document.createElement('span');
    const flush = index.flushNumber(event);
    label.textContent = [
      flush === undefined ? index.kindOf(event) === 'displayChange' ? 'display' : 'dark' : `flush ${flush}`,
      index.story.scanouts > 1 ? `scanout ${scanout}` : '',
      index.time(event),
    ].filter(Boolean).join(' · ');
    item.title = label.textContent;
    item.append(canvas, label);
    const image = this.images.get(number);
    if (image) {
      Strip.paint(canvas, image);
    }
    return item;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {CanvasImageSource} image
   */
  static paint(canvas, image) {
    const { width, height } = /** @type {{width: number, height: number}} */ (image);
    canvas.getContext('2d')?.drawImage(image, (canvas.width - width) >> 1, (canvas.height - height) >> 1);
  }

  /** Asks for the picture that is missing nearest to the current one. */
  fetchNext() {
    const { index, source } = this;
    if (!index || !source || this.asked.size >= AT_ONCE) {
      return;
    }
    const missing = [...this.items.keys()].filter(number => !this.images.has(number) && !this.asked.has(number));
    if (missing.length === 0) {
      return;
    }
    const middle = this.items.has(this.current) ? this.current : missing[missing.length >> 1];
    const number = missing.reduce((a, b) => Math.abs(b - middle) < Math.abs(a - middle) ? b : a);
    const [event, scanout] = index.story.shown[number];
    this.asked.add(number);
    source.thumbnail(event, scanout).then(image => {
      if (source !== this.source) {
        return;
      }
      this.images.set(number, image);
      if (this.images.size > KEPT_IMAGES) {
        this.images.delete([...this.images.keys()][0]);
      }
      const canvas = this.items.get(number)?.querySelector('canvas');
      if (canvas) {
        Strip.paint(canvas, image);
      }
    }, () => {
      // What cannot be shown stays blank; the large picture says why.
      this.images.set(number, document.createElement('canvas'));
    }).finally(() => {
      if (source === this.source) {
        this.asked.delete(number);
        this.fetchNext();
      }
    });
  }
}
