// The whole trace over guest time: lanes of what happened, one column of pixels for all of its moments.

import { commas, firstAtLeast } from './story.js';

/** @typedef {import('./story.js').StoryIndex} StoryIndex */

const LANES = /** @type {[string, string[]][]} */ ([
  ['flush', ['flush', 'scanoutDisabled', 'displayChange']],
  ['command', []],
  ['input', ['input', 'consoleInput']],
  ['snapshot', ['snapshot']],
]);
const LANE_HEIGHT = 16;
const LEFT = 72;
const RIGHT = 8;

export class Timeline {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(event: number) => void} chosen is told which place is chosen
   */
  constructor(canvas, chosen) {
    this.canvas = canvas;
    /** @type {StoryIndex | undefined} */
    this.index = undefined;
    this.current = 0;
    /** @type {Int32Array[]} */
    this.lanes = [];
    /** @type {number[]} */
    this.divergences = [];
    /** All but the place that the page is at; drawn anew when that changes. */
    this.picture = document.createElement('canvas');
    let dragging = false;
    canvas.addEventListener('pointerdown', event => {
      dragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.choose(event, chosen);
    });
    canvas.addEventListener('pointermove', event => {
      if (dragging) {
        this.choose(event, chosen);
      }
    });
    canvas.addEventListener('pointerup', () => { dragging = false; });
    canvas.addEventListener('pointercancel', () => { dragging = false; });
    new ResizeObserver(() => this.drawAll()).observe(canvas);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.drawAll());
  }

  /** @param {StoryIndex} index */
  open(index) {
    this.index = index;
    this.divergences = [];
    this.lanes = LANES.map(([name, kinds]) => name === 'command' ? index.commands : index.events(kind => kinds.includes(kind)));
    this.drawAll();
  }

  /** @param {number[]} events */
  setDivergences(events) {
    this.divergences = events;
    this.drawAll();
  }

  /** @param {number} event */
  select(event) {
    this.current = event;
    const { canvas, index } = this;
    if (index) {
      canvas.setAttribute('aria-valuemin', String(index.start));
      canvas.setAttribute('aria-valuemax', String(index.last));
      canvas.setAttribute('aria-valuenow', String(event));
      canvas.setAttribute('aria-valuetext', index.describe(event));
    }
    this.draw();
  }

  /** The cycles from one end to the other. */
  span() {
    const index = /** @type {StoryIndex} */ (this.index);
    const from = index.first === 0 ? 0 : index.cycleOf(index.first);
    return { from, length: Math.max(1, index.cycleOf(index.last) - from) };
  }

  /**
   * @param {PointerEvent} event
   * @param {(event: number) => void} chosen
   */
  choose(event, chosen) {
    const { index } = this;
    if (!index || index.count === 0) {
      return;
    }
    const box = this.canvas.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT)));
    const { from, length } = this.span();
    const cycle = from + part * length;
    const upTo = index.first + firstAtLeast(index.cycles, cycle + 1) - 1;
    // Whoever aims at a picture gets that, unless another lane is pointed at.
    const lane = Math.floor((event.clientY - box.top) / LANE_HEIGHT);
    const list = this.lanes[lane];
    const pixel = length / Math.max(1, box.width - LEFT - RIGHT);
    if (list?.length) {
      const at = firstAtLeast(list, upTo);
      const near = [list[at - 1], list[at]].filter(each => each !== undefined)
          .sort((a, b) => Math.abs(index.cycleOf(a) - cycle) - Math.abs(index.cycleOf(b) - cycle))[0];
      if (Math.abs(index.cycleOf(near) - cycle) <= 4 * pixel) {
        chosen(near);
        return;
      }
    }
    chosen(upTo);
  }

  /** @param {number} event */
  across(event) {
    const index = /** @type {StoryIndex} */ (this.index);
    const { from, length } = this.span();
    const width = this.canvas.clientWidth - LEFT - RIGHT;
    return Math.round(LEFT + (event < index.first ? 0 : (index.cycleOf(event) - from) / length * width));
  }

  draw() {
    const { canvas, picture } = this;
    const pen = canvas.getContext('2d');
    if (!this.index || !pen || picture.width === 0) {
      return;
    }
    const bottom = LANES.length * LANE_HEIGHT;
    canvas.width = picture.width;
    canvas.height = picture.height;
    pen.drawImage(picture, 0, 0);
    pen.scale(window.devicePixelRatio, window.devicePixelRatio);
    const at = this.across(this.current);
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
    pen.fillRect(at - 1, 0, 2, bottom);
    pen.beginPath();
    pen.moveTo(at - 5, bottom);
    pen.lineTo(at + 5, bottom);
    pen.lineTo(at, bottom - 6);
    pen.fill();
  }

  drawAll() {
    const { picture, index } = this;
    const scale = window.devicePixelRatio;
    const width = this.canvas.clientWidth;
    const bottom = LANES.length * LANE_HEIGHT;
    picture.width = Math.round(width * scale);
    picture.height = Math.round((bottom + LANE_HEIGHT) * scale);
    const pen = picture.getContext('2d');
    if (!index || !pen || width === 0) {
      return;
    }
    pen.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    pen.font = '11px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    const { from, length } = this.span();
    const across = width - LEFT - RIGHT;
    const x = (/** @type {number} */ event) => Math.round(LEFT + (event < index.first ? 0 : (index.cycleOf(event) - from) / length * across));
    const colours = ['--accent', '--dim', '--warn', '--pass'];
    LANES.forEach(([name], lane) => {
      const top = lane * LANE_HEIGHT;
      pen.fillStyle = colour('--dim');
      pen.fillText(name, 2, top + LANE_HEIGHT / 2);
      pen.fillStyle = colour('--line');
      pen.fillRect(LEFT, top + LANE_HEIGHT - 2, across, 1);
      pen.fillStyle = colour(colours[lane]);
      let last = -1;
      for (const event of this.lanes[lane]) {
        const at = x(event);
        if (at !== last) {
          pen.fillRect(at, top + 2, name === 'snapshot' ? 3 : 1, LANE_HEIGHT - 5);
          last = at;
        }
      }
    });
    pen.fillStyle = colour('--fail');
    this.divergences.forEach(event => pen.fillRect(x(event) - 1, 0, 3, bottom));
    pen.fillStyle = colour('--dim');
    const { clock } = index.story;
    const ticks = Math.max(1, Math.min(10, Math.floor(across / 90)));
    for (let tick = 0; tick <= ticks; tick++) {
      const cycle = from + tick / ticks * length;
      const text = clock > 0 ? `${(cycle / clock).toFixed(2)} s` : commas(Math.round(cycle));
      pen.textAlign = tick === 0 ? 'left' : tick === ticks ? 'right' : 'center';
      pen.fillText(text, LEFT + tick / ticks * across, bottom + LANE_HEIGHT / 2);
    }
    this.draw();
  }
}
