// A list of any length of which only the rows in sight are in the page.

const OVERSCAN = 6;

/** Browsers cut off what is longer, in CSS pixels: Firefox at some 17 million. */
const MOST = 15e6;

/**
 * A length that scrolls, of which a browser shows all however long it is: where it is too long, one step of the scroll bar goes further. Places in it
 * are those that it would have if it were not.
 * @param {number} length
 */
export function scrolled(length) {
  return Math.min(length, MOST);
}

/**
 * The place at the near edge.
 * @param {number} scroll where the box is scrolled to
 * @param {number} seen how much of it is in sight
 * @param {number} length
 */
export function placeAt(scroll, seen, length) {
  return length <= MOST ? scroll : scroll / (MOST - seen) * (length - seen);
}

/**
 * Where a box is to be scrolled to, so that a place is at its near edge.
 * @param {number} place
 * @param {number} seen how much of it is in sight
 * @param {number} length
 */
export function scrollTo(place, seen, length) {
  return Math.max(0, length <= MOST ? place : place / (length - seen) * (MOST - seen));
}


/** A list box of rows of one height. */
export class Rows {
  /**
   * @param {HTMLElement} box in which it scrolls
   * @param {number} height of a row, in CSS pixels
   * @param {(row: HTMLElement, index: number) => void} fill fills a row
   * @param {(index: number) => void} chosen is told which one is chosen
   */
  constructor(box, height, fill, chosen) {
    this.box = box;
    this.height = height;
    this.fill = fill;
    this.chosen = chosen;
    this.count = 0;
    this.current = -1;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    this.space = document.createElement('div');
    this.space.className = 'space';
    this.space.setAttribute('role', 'presentation');
    box.append(this.space);
    box.setAttribute('role', 'listbox');
    box.tabIndex = 0;
    box.addEventListener('scroll', () => this.show());
    new ResizeObserver(() => this.show()).observe(box);
    box.addEventListener('click', event => {
      const row = event.target instanceof Element ? event.target.closest('.row') : null;
      if (row instanceof HTMLElement) {
        chosen(Number(row.dataset.index));
      }
    });
    box.addEventListener('keydown', event => this.key(event));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
      return;
    }
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
    const by = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page })[event.key];
    if (by !== undefined && this.count > 0) {
      event.preventDefault();
      event.stopPropagation();
      this.chosen(Math.min(this.count - 1, Math.max(0, this.current + by)));
    }
  }

  /** Says how many rows there are; all are filled anew. @param {number} count */
  reset(count) {
    this.count = count;
    this.space.style.height = `${scrolled(count * this.height)}px`;
    this.rows.forEach(row => row.remove());
    this.rows.clear();
    this.show();
  }

  /** Marks a row as the current one, and brings it into sight. @param {number} index -1 for none */
  select(index) {
    this.current = index;
    if (index >= 0) {
      const top = index * this.height;
      const { clientHeight } = this.box;
      const from = this.top();
      if (top < from || top + this.height > from + clientHeight) {
        this.box.scrollTop = scrollTo(top - clientHeight / 2, clientHeight, this.count * this.height);
      }
    }
    this.show();
  }

  /** Fills those in sight anew. */
  refresh() {
    this.rows.forEach((row, index) => this.fill(row, index));
  }

  /** The place of the first pixel in sight. */
  top() {
    return placeAt(this.box.scrollTop, this.box.clientHeight, this.count * this.height);
  }

  show() {
    const top = this.top();
    const moved = this.box.scrollTop - top;
    const from = Math.max(0, Math.floor(top / this.height) - OVERSCAN);
    const to = Math.min(this.count, Math.ceil((top + this.box.clientHeight) / this.height) + OVERSCAN);
    this.rows.forEach((row, index) => {
      if (index < from || index >= to) {
        row.remove();
        this.rows.delete(index);
      }
    });
    for (let index = from; index < to; index++) {
      let row = this.rows.get(index);
      if (!row) {
        row = document.createElement('div');
        row.className = 'row';
        row.id = `${this.box.id}-${index}`;
        row.dataset.index = String(index);
        row.setAttribute('role', 'option');
        row.setAttribute('aria-setsize', String(this.count));
        row.setAttribute('aria-posinset', String(index + 1));
        row.style.height = `${this.height}px`;
        this.fill(row, index);
        this.rows.set(index, row);
        this.space.append(row);
      }
      row.style.top = `${index * this.height + moved}px`;
      row.setAttribute('aria-selected', String(index === this.current));
      row.classList.toggle('current', index === this.current);
    }
    if (this.rows.has(this.current)) {
      this.box.setAttribute('aria-activedescendant', `${this.box.id}-${this.current}`);
    } else {
      this.box.removeAttribute('aria-activedescendant');
    }
  }
}
