// A scanout: its picture as the messages bring it, with the hardware cursor as a plane of its own over it.

const DEFLATED = 1;
const WHOLE = 2;
const COPIES = 4;
const VISIBLE = 1;
const IMAGE = 2;
const HEADER = 16;
const SPAN = 6;
const COPY = 6;

/**
 * Inflates bytes (RFC 1951).
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<ArrayBuffer>}
 */
function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).arrayBuffer();
}

export class Screen {
  /**
   * @param {number} number of the scanout, from 0
   * @param {HTMLElement} place where it goes
   * @param {boolean} keyboard whether it can be given the keyboard
   */
  constructor(number, place, keyboard) {
    this.figure = document.createElement('figure');
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    this.stage = document.createElement('div');
    this.stage.className = 'stage';
    if (keyboard) {
      this.stage.tabIndex = 0;
    }
    this.stage.setAttribute('role', keyboard ? 'application' : 'img');
    this.stage.setAttribute(
        'aria-label', keyboard ? `Screen ${number}: Enter gives it the keyboard, Ctrl+Alt+G gives it back` : `Screen ${number}`);
    this.picture = document.createElement('canvas');
    this.picture.className = 'picture';
    this.picture.width = 640;
    this.picture.height = 480;
    this.cursor = document.createElement('canvas');
    this.cursor.className = 'cursor';
    this.cursor.hidden = true;
    this.cursor.width = 0;
    this.dark = document.createElement('div');
    this.dark.className = 'dark';
    this.dark.textContent = 'dark';
    this.caption = document.createElement('figcaption');
    this.stage.append(this.picture, this.cursor, this.dark);
    scroll.append(this.stage);
    this.figure.append(scroll, this.caption);
    place.append(this.figure);
    this.number = number;
    /** How many pictures were drawn, and clears seen: for whoever tests the page. */
    this.drawn = 0;
    this.clears = 0;
    this.mode = '';
    this.zoom = 'fit';
    this.cursorAt = { x: 0, y: 0 };
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.picture.getContext('2d', { alpha: false }));
    this.before = document.createElement('canvas');
    this.beforePen = /** @type {CanvasRenderingContext2D} */ (this.before.getContext('2d', { alpha: false }));
    this.describe();
  }

  /**
   * Draws what a message has.
   * @param {DataView<ArrayBuffer>} message
   */
  async show(message) {
    const flags = message.getUint8(2);
    const width = message.getUint32(4);
    const height = message.getUint32(8);
    const spans = message.getUint32(12);
    if (width === 0) {
      this.clears++;
      this.pen.clearRect(0, 0, this.picture.width, this.picture.height);
      this.dark.hidden = false;
      this.describe();
      return;
    }
    const sent = new Uint8Array(message.buffer, HEADER);
    const body = flags & DEFLATED ? new Uint8Array(await inflate(sent)) : sent;
    if (flags & WHOLE && (this.picture.width !== width || this.picture.height !== height)) {
      this.picture.width = width;
      this.picture.height = height;
      this.layOut();
    }
    const rest = flags & COPIES ? body.subarray(this.copy(body)) : body;
    this.patch(rest, spans);
    this.dark.hidden = true;
    this.drawn++;
    this.describe();
  }

  /**
   * Copies rows of the picture as it is. All of them are gathered before the first is drawn over.
   * @param {Uint8Array<ArrayBuffer>} body
   * @returns {number} how many bytes say what is copied
   */
  copy(body) {
    const { width, height } = this.picture;
    if (this.before.width !== width || this.before.height !== height) {
      this.before.width = width;
      this.before.height = height;
    }
    this.beforePen.drawImage(this.picture, 0, 0);
    const table = new DataView(body.buffer, body.byteOffset);
    const copies = table.getUint16(0);
    for (let i = 0; i < copies; i++) {
      const to = table.getUint16(2 + i * COPY);
      const from = table.getUint16(4 + i * COPY);
      const rows = table.getUint16(6 + i * COPY);
      this.pen.drawImage(this.before, 0, from, width, rows, 0, to, width, rows);
    }
    return 2 + copies * COPY;
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} body
   * @param {number} spans
   */
  patch(body, spans) {
    const table = new DataView(body.buffer, body.byteOffset, spans * SPAN);
    let at = body.byteOffset + spans * SPAN;
    for (let i = 0; i < spans;) {
      // Spans below one another with the same edges are one rectangle.
      const y = table.getUint16(i * SPAN);
      const x = table.getUint16(i * SPAN + 2);
      const n = table.getUint16(i * SPAN + 4);
      let rows = 1;
      while (i + rows < spans && table.getUint16((i + rows) * SPAN) === y + rows
          && table.getUint16((i + rows) * SPAN + 2) === x && table.getUint16((i + rows) * SPAN + 4) === n) {
        rows++;
      }
      const pixels = new Uint8ClampedArray(body.buffer.slice(at, at + 4 * n * rows));
      this.pen.putImageData(new ImageData(pixels, n, rows), x, y);
      at += 4 * n * rows;
      i += rows;
    }
  }

  /**
   * Moves the cursor, and gives it another image if there is one.
   * @param {DataView<ArrayBuffer>} message
   */
  showCursor(message) {
    const flags = message.getUint8(2);
    this.cursorAt = { x: message.getInt32(4), y: message.getInt32(8) };
    const width = message.getUint16(12);
    const height = message.getUint16(14);
    if (flags & IMAGE) {
      this.cursor.width = width;
      this.cursor.height = height;
      const pixels = new Uint8ClampedArray(message.buffer.slice(HEADER));
      this.cursor.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    }
    this.cursor.hidden = !(flags & VISIBLE);
    this.layOut();
    this.describe();
  }

  /** @param {string} zoom fit, or how many device pixels a pixel is wide and high */
  setZoom(zoom) {
    this.zoom = zoom;
    this.layOut();
  }

  layOut() {
    const { width, height } = this.picture;
    this.figure.classList.toggle('zoomed', this.zoom !== 'fit');
    const scale = this.zoom === 'fit' ? 1 : Number(this.zoom) / window.devicePixelRatio;
    this.picture.style.width = `${width * scale}px`;
    const across = (/** @type {number} */ n) => `${100 * n / width}%`;
    this.cursor.style.left = across(this.cursorAt.x);
    this.cursor.style.top = `${100 * this.cursorAt.y / height}%`;
    this.cursor.style.width = across(this.cursor.width);
  }

  /** @param {string} mode what the display offers */
  setMode(mode) {
    this.mode = mode;
    this.describe();
  }

  describe() {
    const shows = this.dark.hidden ? `${this.picture.width}x${this.picture.height}` : 'dark';
    const cursor = this.cursor.hidden ? '' : `, cursor at ${this.cursorAt.x},${this.cursorAt.y}`;
    const text = `Screen ${this.number}: display ${this.mode || '?'}, shows ${shows}${cursor}`;
    if (this.caption.textContent !== text) {
      this.caption.textContent = text;
    }
  }
}
