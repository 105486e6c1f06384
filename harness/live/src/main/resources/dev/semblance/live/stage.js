// What a scanout shows, on a canvas: its planes laid over one another exactly as render does it.

/** @typedef {import('./source.js').Picture} Picture */

/**
 * A picture with its cursor over it: (s * a + d * (255 - a) + 127) / 255 in each channel.
 * @param {Picture} picture
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function composed(picture) {
  const { width, height, cursor } = picture;
  if (!cursor) {
    return picture.pixels;
  }
  const pixels = picture.pixels.slice();
  for (let y = Math.max(0, cursor.y); y < Math.min(height, cursor.y + cursor.height); y++) {
    for (let x = Math.max(0, cursor.x); x < Math.min(width, cursor.x + cursor.width); x++) {
      const from = 4 * ((y - cursor.y) * cursor.width + x - cursor.x);
      const to = 4 * (y * width + x);
      const alpha = cursor.pixels[from + 3];
      for (let channel = 0; channel < 3; channel++) {
        pixels[to + channel] = Math.floor((cursor.pixels[from + channel] * alpha + pixels[to + channel] * (255 - alpha) + 127) / 255);
      }
    }
  }
  return pixels;
}

export class Stage {
  /**
   * @param {number} scanout from 0
   * @param {HTMLElement} place where it goes
   * @param {(scanout: number, x: number, y: number) => void} picked is told of pixels that are clicked
   */
  constructor(scanout, place, picked) {
    this.scanout = scanout;
    this.width = 0;
    this.height = 0;
    this.mark = { x: -1, y: -1 };
    /** What is drawn: R, G, B and 255 of each pixel. */
    this.pixels = new Uint8ClampedArray(0);
    this.figure = document.createElement('figure');
    this.box = document.createElement('div');
    this.box.className = 'stage';
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'picture';
    this.canvas.width = 640;
    this.canvas.height = 480;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.cross = document.createElement('div');
    this.cross.className = 'cross';
    this.cross.hidden = true;
    this.dark = document.createElement('div');
    this.dark.className = 'dark';
    this.dark.textContent = 'dark';
    this.caption = document.createElement('figcaption');
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    this.box.append(this.canvas, this.cross, this.dark);
    scroll.append(this.box);
    this.figure.append(scroll, this.caption);
    place.append(this.figure);
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d', { alpha: false }));
    this.canvas.addEventListener('pointermove', event => this.say(this.pixelAt(event)));
    this.canvas.addEventListener('pointerleave', () => this.say());
    this.canvas.addEventListener('click', event => {
      const at = this.pixelAt(event);
      if (at) {
        this.pick(at.x, at.y);
        picked(scanout, at.x, at.y);
      }
    });
    this.canvas.addEventListener('keydown', event => {
      if (event.key === 'Enter' && this.width > 0) {
        event.preventDefault();
        const { x, y } = this.mark.x < 0 ? { x: this.width >> 1, y: this.height >> 1 } : this.mark;
        this.pick(x, y);
        picked(scanout, x, y);
      }
    });
  }

  /** @param {MouseEvent} event */
  pixelAt(event) {
    if (this.width === 0) {
      return undefined;
    }
    const box = this.canvas.getBoundingClientRect();
    const along = (/** @type {number} */ at, /** @type {number} */ shown, /** @type {number} */ pixels) =>
        Math.min(pixels - 1, Math.max(0, Math.floor(at / shown * pixels)));
    return {
      x: along(event.clientX - box.left, box.width, this.width),
      y: along(event.clientY - box.top, box.height, this.height),
    };
  }

  /** Marks a pixel. @param {number} x @param {number} y */
  pick(x, y) {
    this.mark = { x, y };
    this.cross.hidden = x < 0;
    this.cross.style.left = `${100 * (x + .5) / Math.max(1, this.width)}%`;
    this.cross.style.top = `${100 * (y + .5) / Math.max(1, this.height)}%`;
    this.say();
  }

  /** @param {Picture} picture */
  draw(picture) {
    const dark = picture.width === 0;
    this.dark.hidden = !dark;
    if (dark) {
      this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
      this.width = this.height = 0;
    } else {
      if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
        this.canvas.width = picture.width;
        this.canvas.height = picture.height;
      }
      this.width = picture.width;
      this.height = picture.height;
      this.pixels = composed(picture);
      this.pen.putImageData(new ImageData(this.pixels, picture.width, picture.height), 0, 0);
    }
    this.picture = picture;
    if (!dark && (this.mark.x >= this.width || this.mark.y >= this.height)) {
      this.pick(-1, -1);
    }
    this.say();
  }

  /** The colour of a pixel, as text. @param {number} x @param {number} y */
  colour(x, y) {
    const at = 4 * (y * this.width + x);
    return `#${[...this.pixels.subarray(at, at + 3)].map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
  }

  /** @param {{x: number, y: number}} [at] the pixel that is pointed at */
  say(at) {
    const shows = this.width ? `${this.width}x${this.height}` : 'dark';
    const { cursor } = this.picture ?? {};
    const text = [
      `Scanout ${this.scanout}, ${shows}`,
      cursor ? `cursor at ${cursor.x},${cursor.y}` : '',
      at ? `pixel ${at.x},${at.y} ${this.colour(at.x, at.y)}` : '',
    ].filter(Boolean).join(' · ');
    if (this.caption.textContent !== text) {
      this.caption.textContent = text;
    }
    this.canvas.setAttribute('aria-label', `Scanout ${this.scanout}, ${shows}. Enter asks who made the pixel in the middle, or the one that is marked.`);
  }

  /** @param {string} zoom fit, or how many device pixels a pixel is wide and high */
  setZoom(zoom) {
    const fit = zoom === 'fit';
    this.figure.classList.toggle('zoomed', !fit);
    this.canvas.style.width = fit ? '' : `${this.canvas.width * Number(zoom) / window.devicePixelRatio}px`;
  }
}
