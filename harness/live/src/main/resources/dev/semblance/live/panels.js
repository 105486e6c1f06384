// What is told beside the picture: events, resources, queues, snapshots, and who made a pixel.

import { Rows } from './rows.js';
import { commas, firstAtLeast } from './story.js';

/** @typedef {import('./story.js').StoryIndex} StoryIndex */
/** @typedef {import('./source.js').Source} Source */
/** @typedef {import('./source.js').Verdict} Verdict */
/** @typedef {(event: number) => void} Goer */

const LINES_AT_ONCE = 256;
const KEPT_BLOCKS = 64;
const ROW_HEIGHT = 22;
const MOST_RESOURCES = 200;

/**
 * An element with text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

/**
 * Puts other elements in place of those that are there. Where one of their buttons has the focus, the one that says the same gets it, or the one
 * that is in its place, so that whoever has no mouse is not sent back to the start of the page.
 * @param {HTMLElement} into
 * @param {HTMLElement[]} elements
 */
function put(into, elements) {
  const buttons = () => [...into.querySelectorAll('button')];
  const active = document.activeElement;
  const at = buttons().findIndex(button => button === active);
  into.replaceChildren(...elements);
  if (at >= 0) {
    const now = buttons();
    const next = now.find(button => button.textContent === active?.textContent) ?? now[Math.min(at, now.length - 1)];
    into.tabIndex = -1;
    (next ?? into).focus({ preventScroll: true });
  }
}

/**
 * Text in which numbers of events (`#720`) lead to them.
 * @param {HTMLElement} into
 * @param {string} text
 * @param {StoryIndex} index
 * @param {Goer} go
 */
export function linked(into, text, index, go) {
  let from = 0;
  for (const found of text.matchAll(/#([0-9]{1,10})(?= @)/g)) {
    const event = Number(found[1]);
    if (event >= index.first && event <= index.last) {
      into.append(text.slice(from, found.index), place(`#${event}`, event, go));
      from = found.index + found[0].length;
    }
  }
  into.append(text.slice(from));
}

/**
 * A button that goes to a place.
 * @param {string} text
 * @param {number} event
 * @param {Goer} go
 */
function place(text, event, go) {
  const button = make('button', text, 'place');
  button.type = 'button';
  button.addEventListener('click', () => go(event));
  return button;
}

/**
 * A number of things.
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
function counted(number, one, many) {
  return `${commas(number)} ${number === 1 ? one : many}`;
}

/** The events, of which some can be picked out, and the fields of the one that the page is at. */
export class EventsPanel {
  /**
   * @param {{list: HTMLElement, filter: HTMLInputElement, found: HTMLElement, fields: HTMLElement}} parts
   * @param {Goer} go
   */
  constructor(parts, go) {
    this.parts = parts;
    /** @type {StoryIndex | undefined} */
    this.index = undefined;
    /** @type {Source | undefined} */
    this.source = undefined;
    /** @type {Map<number, string[]>} */
    this.blocks = new Map();
    /** @type {Set<number>} */
    this.asked = new Set();
    /** @type {number[] | undefined} */
    this.matching = undefined;
    this.current = -1;
    this.asks = 0;
    this.rows = new Rows(parts.list, ROW_HEIGHT, (row, number) => this.fill(row, number), number => go(this.eventOf(number)));
    let timer = 0;
    parts.filter.addEventListener('input', () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void this.filter(), 150);
    });
  }

  /** @param {StoryIndex} index @param {Source} source */
  open(index, source) {
    this.index = index;
    this.source = source;
    this.blocks.clear();
    this.asked.clear();
    this.matching = undefined;
    this.parts.filter.value = '';
    this.parts.found.textContent = counted(index.count, 'event', 'events');
    this.rows.reset(index.count);
  }

  /** @param {number} row */
  eventOf(row) {
    return this.matching ? this.matching[row] : row + (this.index?.first ?? 0);
  }

  async filter() {
    const { source, index } = this;
    const text = this.parts.filter.value.trim();
    if (!source || !index) {
      return;
    }
    const ask = ++this.asks;
    /** @type {number[] | undefined} */
    let found;
    let problem = '';
    try {
      found = text ? await source.filter(text) : undefined;
    } catch (e) {
      problem = String(/** @type {Error} */ (e).message);
    }
    if (ask !== this.asks || source !== this.source) {
      return;
    }
    this.matching = found;
    this.parts.found.textContent = problem || (found
        ? `${commas(found.length)} of ${commas(index.count)} events`
        : counted(index.count, 'event', 'events'));
    this.rows.reset(found ? found.length : index.count);
    this.select(this.current);
  }

  /** @param {HTMLElement} row @param {number} number */
  fill(row, number) {
    const { index } = this;
    if (!index) {
      return;
    }
    const event = this.eventOf(number);
    const block = Math.floor((event - index.first) / LINES_AT_ONCE);
    const line = this.blocks.get(block)?.[(event - index.first) % LINES_AT_ONCE];
    const kind = index.kindOf(event);
    row.dataset.kind = index.isCommand[index.story.kinds[event - index.first]] ? 'command' : kind;
    row.replaceChildren(
        make('span', String(event), 'number'),
        make('span', index.time(event), 'time'),
        make('span', line ?? kind, 'line'));
    row.title = line ?? kind;
    if (line === undefined) {
      this.load(block);
    }
  }

  /** @param {number} block */
  load(block) {
    const { source, index } = this;
    if (!source || !index || this.asked.has(block)) {
      return;
    }
    this.asked.add(block);
    source.lines(index.first + block * LINES_AT_ONCE, LINES_AT_ONCE).then(lines => {
      if (source === this.source) {
        this.blocks.set(block, lines);
        this.asked.delete(block);
        if (this.blocks.size > KEPT_BLOCKS) {
          this.blocks.delete([...this.blocks.keys()][0]);
        }
        this.rows.refresh();
      }
    }, () => this.asked.delete(block));
  }

  /** @param {number} event */
  select(event) {
    this.current = event;
    const { index } = this;
    if (!index) {
      return;
    }
    if (this.matching) {
      const at = firstAtLeast(this.matching, event + 1) - 1;
      this.rows.select(at);
    } else {
      this.rows.select(event - index.first);
    }
  }

  /** Shows the fields of an event. @param {number} event */
  async describe(event) {
    const { index, source } = this;
    if (!index || !source || event < index.first) {
      this.parts.fields.replaceChildren(make('p', 'Nothing has happened yet.', 'dim'));
      return;
    }
    let fields;
    try {
      fields = await source.details(event);
    } catch (problem) {
      fields = /** @type {[string, string][]} */ ([['', String(/** @type {Error} */ (problem).message)]]);
    }
    if (event === this.current && source === this.source) {
      const list = make('dl');
      fields.forEach(([name, value]) => {
        const entry = make('div');
        entry.append(make('dt', name), make('dd', value));
        list.append(entry);
      });
      this.parts.fields.replaceChildren(make('h2', `Event ${event}`), list);
    }
  }
}

/**
 * The resources that there are at a place.
 * @param {HTMLElement} into
 * @param {StoryIndex} index
 * @param {Source} source
 * @param {number} event
 * @param {Goer} go
 */
export async function showResources(into, index, source, event, go) {
  const living = index.story.resources.filter(resource =>
      resource.created <= event && (resource.destroyed === undefined || resource.destroyed > event));
  const cards = await Promise.all(living.slice(0, MOST_RESOURCES).map(async resource => {
    const card = make('article', '', 'card');
    card.append(make('h2', `Resource ${resource.id}, ${resource.text}`));
    const address = await source.image(event, resource.id);
    if (address) {
      const picture = make('img');
      picture.loading = 'lazy';
      picture.alt = `Pixels of resource ${resource.id}`;
      picture.src = address;
      card.append(picture);
    }
    const list = make('ul');
    const life = make('li');
    if (resource.created < index.first) {
      life.append('made before this part');
    } else {
      life.append('made by ', place(`#${resource.created}`, resource.created, go));
    }
    if (resource.destroyed !== undefined) {
      life.append(', to be ended by ', place(`#${resource.destroyed}`, resource.destroyed, go));
    }
    list.append(life);
    // The last one of its kind tells how it is.
    const changes = new Map(resource.changes.filter(change => change.event <= event).map(change => [change.about, change]));
    changes.forEach(change => {
      const entry = make('li', `${change.text}, `);
      entry.append(change.event < index.first ? `event ${change.event}` : place(`#${change.event}`, change.event, go));
      list.append(entry);
    });
    const touched = firstAtLeast(resource.touched, event + 1);
    if (touched > 0) {
      const entry = make('li', `${counted(touched, 'transfer or flush', 'transfers and flushes')} up to here, the last `);
      entry.append(place(`#${resource.touched[touched - 1]}`, resource.touched[touched - 1], go));
      list.append(entry);
    }
    card.append(list);
    return card;
  }));
  if (living.length > MOST_RESOURCES) {
    cards.push(make('article', `${commas(living.length - MOST_RESOURCES)} resources more`, 'card'));
  }
  put(into, cards.length ? cards : [make('p', 'There are no resources here.', 'dim')]);
}

/**
 * How the queues are at a place.
 * @param {HTMLElement} into
 * @param {StoryIndex} index
 * @param {number} event
 * @param {Goer} go
 */
export function showQueues(into, index, event, go) {
  const { queues } = index.story;
  const entries = queues.map(queue => {
    const card = make('article', '', 'card');
    const change = queue.changes.filter(each => each.event <= event).at(-1);
    const on = change?.on ?? false;
    const title = make('h2', `${queue.name} `);
    title.append(make('span', on ? 'enabled' : 'off', on ? 'badge on' : 'badge'));
    card.append(title);
    const list = make('ul');
    const since = change ? change.event : -1;
    if (change) {
      const entry = make('li', `${change.text}, `);
      entry.append(change.event < index.first ? `event ${change.event}` : place(`#${change.event}`, change.event, go));
      list.append(entry);
    }
    const used = firstAtLeast(queue.used, event + 1);
    const sinceEnabled = used - firstAtLeast(queue.used, since);
    if (used > 0) {
      const last = queue.used[used - 1];
      const entry = make('li', `${counted(on ? sinceEnabled : used, 'chain', 'chains')} used${on ? ' since then' : ''}, the last `);
      entry.append(place(`#${last}`, last, go));
      list.append(entry);
    }
    const notified = firstAtLeast(queue.notified, event + 1);
    if (notified > 0) {
      const last = queue.notified[notified - 1];
      const entry = make('li', `${counted(notified, 'notification', 'notifications')}, the last `);
      entry.append(place(`#${last}`, last, go));
      list.append(entry);
    }
    const next = queue.used[used];
    if (next !== undefined) {
      const entry = make('li', 'next chain ');
      entry.append(place(`#${next}`, next, go));
      list.append(entry);
    }
    card.append(list);
    return card;
  });
  put(into, entries.length ? entries : [make('p', 'No queue is used in it.', 'dim')]);
}

/**
 * The snapshots, with what came of them.
 * @param {HTMLElement} into
 * @param {StoryIndex} index
 * @param {Source} source
 * @param {Verdict} verdict
 * @param {Goer} go
 */
export async function showSnapshots(into, index, source, verdict, go) {
  const cards = await Promise.all(index.story.snapshots.map(async snapshot => {
    const card = make('article', '', 'card');
    const came = verdict.snapshots.find(each => each.label === snapshot.label);
    const title = make('h2');
    title.append(place(snapshot.label, snapshot.event, go), ' ');
    title.append(make('span', came?.status ?? (verdict.ready ? 'not reached' : '…'), came ? came.good ? 'badge on' : 'badge bad' : 'badge'));
    card.append(title);
    came?.sentences.forEach(sentence => {
      const text = make('p');
      linked(text, sentence, index, go);
      card.append(text);
    });
    const pictures = make('div', '', 'pictures');
    const kinds = /** @type {const} */ (['expected', 'actual', 'difference']);
    for (const which of kinds) {
      if (came?.[which] && (which === 'expected' || came.actual)) {
        const figure = make('figure');
        const picture = make('img');
        picture.loading = 'lazy';
        picture.className = which;
        picture.alt = `${which} picture of ${snapshot.label}`;
        picture.src = await source.snapshot(snapshot.label, which);
        figure.append(picture, make('figcaption', which === 'expected' && !came.actual ? 'as it should be' : which));
        pictures.append(figure);
      }
    }
    card.append(pictures);
    return card;
  }));
  put(into, cards.length ? cards : [make('p', 'There are no snapshots in it.', 'dim')]);
}
