// The mouse, locked to a screen, or the tablet's pen, which needs no lock.

/** A notch of the wheel, by WheelEvent.deltaMode: pixels, lines, pages. */
const NOTCH = [100, 2.5, 0.125];
const MOST = 10000;

export class Pointer {
  /**
   * @param {(message: object) => void} send
   * @param {(event: MouseEvent) => void} before called before what a hand does
   */
  constructor(send, before) {
    this.send = send;
    this.before = before;
    this.grabbed = false;
    this.mouse = false;
    this.tablet = false;
    this.x = 0;
    this.y = 0;
    this.wheel = 0;
    /** @type {{x: number, y: number} | undefined} */
    this.place = undefined;
    this.waiting = false;
    /** @type {Set<number>} */
    this.held = new Set();
  }

  /**
   * @param {HTMLElement} stage a screen
   * @param {(event: MouseEvent) => {x: number, y: number}} where returns the place on the tablet
   */
  watch(stage, where) {
    stage.addEventListener('mousemove', event => this.move(event, where));
    stage.addEventListener('mousedown', event => this.button(event, true));
    window.addEventListener('mouseup', event => this.button(event, false));
    stage.addEventListener('contextmenu', event => event.preventDefault());
    stage.addEventListener('wheel', event => this.turn(event), { passive: false });
  }

  isLocked() {
    return document.pointerLockElement !== null;
  }

  /**
   * @param {MouseEvent} event
   * @param {(event: MouseEvent) => {x: number, y: number}} where
   */
  move(event, where) {
    if (!this.grabbed) {
      return;
    }
    if (this.mouse && this.isLocked()) {
      this.x += event.movementX;
      this.y += event.movementY;
    } else if (this.tablet) {
      this.place = where(event);
    } else {
      return;
    }
    this.before(event);
    if (!this.waiting) {
      // One report for each picture of this screen.
      this.waiting = true;
      requestAnimationFrame(() => this.report());
    }
  }

  report() {
    this.waiting = false;
    const within = (/** @type {number} */ n) => Math.min(Math.max(Math.trunc(n), -MOST), MOST);
    const dx = within(this.x);
    const dy = within(this.y);
    if (dx !== 0 || dy !== 0) {
      // Parts of a pixel stay for the next time.
      this.x -= dx;
      this.y -= dy;
      this.send({ type: 'move', dx, dy });
    }
    if (this.place) {
      this.send({ type: 'move-to', ...this.place });
      this.place = undefined;
    }
  }

  /**
   * @param {MouseEvent} event
   * @param {boolean} down
   */
  button(event, down) {
    if (!this.grabbed || event.button > 2 || down === this.held.has(event.button)) {
      return;
    }
    event.preventDefault();
    this.before(event);
    this.report();
    if (down) {
      this.held.add(event.button);
    } else {
      this.held.delete(event.button);
    }
    this.send({ type: 'button', button: event.button, down });
  }

  /** @param {WheelEvent} event */
  turn(event) {
    if (!this.grabbed) {
      return;
    }
    event.preventDefault();
    this.before(event);
    this.wheel -= event.deltaY / NOTCH[event.deltaMode];
    const notches = Math.min(Math.max(Math.trunc(this.wheel), -100), 100);
    if (notches !== 0) {
      this.wheel -= notches;
      this.send({ type: 'scroll', notches });
    }
  }

  letGoOfAll() {
    this.held.forEach(button => this.send({ type: 'button', button, down: false }));
    this.held.clear();
    this.x = this.y = this.wheel = 0;
    this.place = undefined;
  }
}
