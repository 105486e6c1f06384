// The page of recordings: a time line with pictures, what happened, and who made a pixel.

import { EventsPanel, linked, make, showQueues, showResources, showSnapshots } from './panels.js';
import { sourceOf, tracesHere } from './server.js';
import { Stage } from './stage.js';
import { PositionError, StoryIndex } from './story.js';
import { Strip } from './strip.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./source.js').Source} Source */
/** @typedef {import('./source.js').Verdict} Verdict */

const SETTLED = 120;
const VERDICT_EVERY = 400;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`no ${id}`);
  }
  return found;
}

const parts = {
  top: part('top', HTMLElement),
  title: part('title', HTMLElement),
  choice: part('trace', HTMLSelectElement),
  verdict: part('verdict', HTMLElement),
  where: part('where', HTMLElement),
  notice: part('notice', HTMLElement),
  problem: part('problem', HTMLElement),
  stages: part('stages', HTMLElement),
  position: part('position', HTMLInputElement),
  zoom: part('zoom', HTMLSelectElement),
  resources: part('panel-resources', HTMLElement),
  queues: part('panel-queues', HTMLElement),
  snapshots: part('panel-snapshots', HTMLElement),
  pixel: part('who', HTMLElement),
  picked: part('pixel', HTMLInputElement),
  head: part('head', HTMLSelectElement),
  facts: part('facts', HTMLElement),
  list: part('events', HTMLElement),
  filter: part('filter', HTMLInputElement),
};
const NAMES = ['events', 'resources', 'queues', 'snapshots', 'pixel'];

/** @type {string[]} */
let traceNames = [];
let trace = -1;
/** @type {StoryIndex} */
let index;
/** @type {Source} */
let source;
/** @type {Stage[]} */
let stages = [];
/** @type {Verdict} */
let verdict = { ready: false, text: 'The replay is under way.', good: true, divergences: [], snapshots: [] };
let at = 0;
let drawn = NaN;
let drawing = false;
/** Counted up where another trace is wanted, or another pixel: answers that come later than that are for nobody. */
let openings = 0;
/** What the address had when it was last read or written: another one is a place that somebody wants and that was not followed yet. */
let address = '';
let asks = 0;
let settling = 0;
let noticing = 0;
let panel = 'events';
/** For whoever tests the page: how long it took from asking for the last picture to drawing it. */
let lastStep = 0;

const events = new EventsPanel({
  list: parts.list,
  filter: parts.filter,
  found: part('found', HTMLElement),
  fields: part('fields', HTMLElement),
}, goTo);
const strip = new Strip(part('strip', HTMLElement), goTo);
const timeline = new Timeline(part('timeline', HTMLCanvasElement), goTo);

/** @param {string} text */
function notify(text) {
  parts.notice.textContent = text;
  parts.notice.hidden = false;
  window.clearTimeout(noticing);
  noticing = window.setTimeout(() => { parts.notice.hidden = true; }, 8000);
}

/** @param {unknown} problem */
function sentence(problem) {
  return problem instanceof Error ? problem.message : String(problem);
}

// ---- where the page is -----------------------------------------------------------------------------------------------

/** @param {number} event */
function goTo(event) {
  if (!index) {
    return;
  }
  at = Math.min(index.last, Math.max(index.start, event));
  parts.where.textContent = index.describe(at);
  events.select(at);
  strip.select(at);
  timeline.select(at);
  void draw();
  window.clearTimeout(settling);
  settling = window.setTimeout(settle, SETTLED);
}

/** The newest place counts: what was passed while a picture came is not drawn. */
async function draw() {
  if (drawing) {
    return;
  }
  drawing = true;
  try {
    while (drawn !== at) {
      const wanted = at;
      const from = source;
      const since = performance.now();
      /** @type {import('./source.js').Picture[]} */
      let pictures = [];
      try {
        pictures = await from.pictures(wanted);
        parts.problem.textContent = index.story.problem;
      } catch (problem) {
        parts.problem.textContent = `What is shown here cannot be made: ${sentence(problem)}`;
      }
      parts.problem.hidden = !parts.problem.textContent;
      if (from !== source) {
        continue;
      }
      const dark = { width: 0, height: 0, pixels: new Uint8ClampedArray(0), cursor: undefined };
      stages.forEach((stage, scanout) => {
        stage.draw(pictures[scanout] ?? dark);
        stage.setZoom(parts.zoom.value);
      });
      drawn = wanted;
      lastStep = performance.now() - since;
    }
  } finally {
    drawing = false;
  }
}

/** What takes longer waits until nobody moves any more; and browsers let an address change a few times a second only. */
function settle() {
  const place = at;
  const name = at < index.first && index.first === 0 ? 'start' : `event:${Math.max(at, 0)}`;
  const fragment = traceNames.length > 1 ? `#${encodeURIComponent(traceNames[trace])}/${name}` : `#${name}`;
  if (location.hash === address && address !== fragment) {
    history.replaceState(null, '', fragment);
    address = location.hash;
  }
  const failed = (/** @type {unknown} */ problem) => notify(sentence(problem));
  if (panel === 'events') {
    events.describe(place).catch(failed);
  } else if (panel === 'resources') {
    showResources(parts.resources, index, source, place, goTo).catch(failed);
  } else if (panel === 'queues') {
    showQueues(parts.queues, index, place, goTo);
  }
}

/** @param {'flush' | 'command' | 'event'} kind @param {1 | -1} way */
function move(kind, way) {
  if (!index) {
    return;
  }
  goTo(kind === 'event' ? at + way : index.step(kind === 'flush' ? index.shown : index.commands, at, way));
}

/** What an address says; anybody may have written it. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Goes where the address says. */
async function follow(hash = location.hash) {
  address = hash;
  const text = decoded(hash.slice(1));
  // Names have slashes, positions have none.
  const slash = text.lastIndexOf('/');
  const named = slash < 0 ? Math.max(0, trace) : traceNames.indexOf(text.slice(0, slash));
  if (named < 0) {
    notify(`There is no trace ${text.slice(0, slash)}.`);
  }
  const wanted = Math.max(0, named, named < 0 ? trace : 0);
  const turn = ++openings;
  if (wanted !== trace) {
    try {
      await openTrace(wanted, sourceOf(wanted), turn);
    } catch (problem) {
      if (!index) {
        throw problem;
      }
      if (turn === openings) {
        notify(sentence(problem));
        parts.choice.value = String(trace);
        goTo(at);
      }
      return;
    }
    if (turn !== openings) {
      return;
    }
  }
  const position = text.slice(slash + 1);
  try {
    goTo(position ? index.find(position) : (index.shown[0] ?? index.start));
  } catch (problem) {
    if (!(problem instanceof PositionError)) {
      throw problem;
    }
    notify(`${problem.message}.`);
    goTo(index.shown[0] ?? index.start);
  }
}

// ---- a trace ---------------------------------------------------------------------------------------------------------

/**
 * Shows a trace, if no other one is wanted until it has come.
 * @param {number} number
 * @param {Source} from
 * @param {number} turn
 */
async function openTrace(number, from, turn) {
  parts.where.textContent = 'Reading …';
  const story = await from.story();
  if (turn !== openings) {
    return;
  }
  asks++;
  trace = number;
  source = from;
  index = new StoryIndex(story);
  drawn = NaN;
  document.title = `${story.title} - Semblance`;
  parts.title.textContent = story.title;
  parts.choice.value = String(number);
  parts.problem.textContent = story.problem;
  parts.problem.hidden = !story.problem;
  stages.forEach(stage => stage.figure.remove());
  stages = Array.from({ length: story.scanouts }, (_, scanout) => new Stage(scanout, parts.stages, askWho));
  parts.facts.replaceChildren(...story.facts.map(([name, value]) => {
    const entry = make('div');
    entry.append(make('dt', name), make('dd', value));
    return entry;
  }));
  parts.head.replaceChildren(...stages.map(stage => new Option(String(stage.scanout))));
  parts.pixel.replaceChildren(make('p', 'Click a pixel of the picture, or write its place: who made it is told here.', 'dim'));
  events.open(index, source);
  strip.open(index, source);
  timeline.open(index);
  void judge(from);
}

/** Asks what a replay came to until there is an answer. @param {Source} from */
async function judge(from) {
  verdict = { ready: false, text: 'The replay is under way.', good: true, divergences: [], snapshots: [] };
  let told = '';
  parts.verdict.textContent = verdict.text;
  parts.top.className = 'top paused';
  for (;;) {
    /** @type {Verdict} */
    let came;
    try {
      came = await from.verdict();
    } catch (problem) {
      came = { ...verdict, ready: true, good: false, text: sentence(problem) };
    }
    if (from !== source) {
      return;
    }
    verdict = came;
    // What is the same stays: somebody may be in the middle of it.
    if (told === JSON.stringify(came)) {
      await new Promise(resolve => { window.setTimeout(resolve, VERDICT_EVERY); });
      continue;
    }
    told = JSON.stringify(came);
    parts.verdict.textContent = verdict.text;
    parts.top.className = !verdict.ready ? 'top paused' : verdict.good ? 'top' : 'top bad';
    timeline.setDivergences(verdict.divergences.map(each => each.event));
    await showSnapshots(parts.snapshots, index, from, verdict, goTo);
    if (from !== source) {
      return;
    }
    verdict.divergences.forEach(each => {
      const card = make('article', '', 'card');
      const button = make('button', `First difference at event ${each.event}`, 'place');
      button.type = 'button';
      button.addEventListener('click', () => goTo(each.event));
      const text = make('pre');
      linked(text, each.text, index, goTo);
      card.append(button, text);
      parts.snapshots.prepend(card);
    });
    if (verdict.ready) {
      return;
    }
    await new Promise(resolve => { window.setTimeout(resolve, VERDICT_EVERY); });
  }
}

/** @param {number} scanout @param {number} x @param {number} y */
async function askWho(scanout, x, y) {
  const place = at;
  const from = source;
  const { story } = index;
  const ask = ++asks;
  parts.picked.value = `${x},${y}`;
  parts.head.value = String(scanout);
  choosePanel('pixel');
  const title = make('h2', `Pixel ${x},${y} of scanout ${scanout}, ${stages[scanout].colour(x, y)}, at ${index.describe(place)}`);
  parts.pixel.replaceChildren(title, make('p', from.complete ? 'Looking for who made it: the machine is played again …' : ''));
  const command = `semblance blame ${story.file} --at event:${Math.max(0, place)} --pixel ${x},${y}${scanout ? ` --scanout ${scanout}` : ''}`;
  try {
    const lines = await from.blame(place, scanout, x, y);
    if (ask !== asks) {
      return;
    }
    const text = make('pre');
    linked(text, lines.join('\n'), index, goTo);
    parts.pixel.replaceChildren(title, text, make('p', 'The same on the command line:', 'dim'), make('pre', command));
  } catch (problem) {
    if (ask === asks) {
      parts.pixel.replaceChildren(title, make('p', sentence(problem)), make('pre', command));
    }
  }
}

// ---- controls --------------------------------------------------------------------------------------------------------

/** @param {string} name */
function choosePanel(name) {
  panel = name;
  NAMES.forEach(each => {
    const tab = part(`tab-${each}`, HTMLButtonElement);
    tab.setAttribute('aria-selected', String(each === name));
    tab.tabIndex = each === name ? 0 : -1;
    part(`panel-${each}`, HTMLElement).hidden = each !== name;
  });
  if (index) {
    events.select(at);
    settle();
  }
}

NAMES.forEach((name, i) => {
  const tab = part(`tab-${name}`, HTMLButtonElement);
  tab.addEventListener('click', () => choosePanel(name));
  tab.addEventListener('keydown', event => {
    const by = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1 })[event.key];
    if (by && !event.shiftKey && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      const next = NAMES[(i + by + NAMES.length) % NAMES.length];
      choosePanel(next);
      part(`tab-${next}`, HTMLButtonElement).focus();
    }
  });
});

const ACTIONS = /** @type {Record<string, () => void>} */ ({
  start: () => goTo(index.start),
  back: () => move('flush', -1),
  forward: () => move('flush', 1),
  'command-back': () => move('command', -1),
  'command-forward': () => move('command', 1),
  end: () => goTo(index.last),
  copy: () => {
    navigator.clipboard.writeText(location.href).then(
        () => notify(source.complete
            ? 'The address of this place is in the clipboard. It works as long as the program runs, with the same token.'
            : 'The address of this place is in the clipboard. It works where this file is.'),
        () => notify('The browser does not give the clipboard away; the address bar has the place.'));
  },
});
Object.entries(ACTIONS).forEach(([id, action]) =>
    part(id, HTMLButtonElement).addEventListener('click', () => { if (index) { action(); } }));

part('go', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  try {
    goTo(index.find(parts.position.value));
    parts.position.blur();
  } catch (problem) {
    notify(`${sentence(problem)}.`);
  }
});
part('pick', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  const stage = stages[Number(parts.head.value)];
  const [x, y] = (/^ *([0-9]{1,5}) *, *([0-9]{1,5}) *$/.exec(parts.picked.value) ?? []).slice(1).map(Number);
  if (stage && x < stage.width && y < stage.height) {
    stage.pick(x, y);
    void askWho(stage.scanout, x, y);
  } else {
    notify(stage?.width ? `A pixel is written x,y, from 0,0 to ${stage.width - 1},${stage.height - 1}.` : 'The scanout is dark.');
  }
});
parts.zoom.addEventListener('change', () => stages.forEach(stage => stage.setZoom(parts.zoom.value)));
parts.choice.addEventListener('change', () => {
  location.hash = `#${encodeURIComponent(traceNames[Number(parts.choice.value)])}/`;
});
// Its own address: by now the page may have written that of the place before.
window.addEventListener('hashchange', event => void follow(new URL(event.newURL).hash).catch(problem => {
  parts.where.textContent = index ? parts.where.textContent : sentence(problem);
  notify(sentence(problem));
}));

document.addEventListener('keydown', event => {
  const typing = event.target instanceof HTMLElement && event.target.closest('input, select, textarea');
  if (event.key === 'Escape' && typing instanceof HTMLElement) {
    typing.blur();
    return;
  }
  if (typing || event.altKey || event.metaKey || !index) {
    return;
  }
  const kind = event.ctrlKey ? 'event' : event.shiftKey ? 'command' : 'flush';
  const ways = /** @type {Record<string, () => void>} */ ({
    ArrowLeft: () => move(kind, -1),
    ArrowRight: () => move(kind, 1),
    Home: () => goTo(index.start),
    End: () => goTo(index.last),
    '/': () => { choosePanel('events'); parts.filter.focus(); },
    g: () => parts.position.select(),
  });
  const way = ways[event.key];
  // On many keyboards the slash is on a key with Shift.
  if (way && (kind === 'flush' || event.key.startsWith('Arrow') || event.key === '/' && !event.ctrlKey)) {
    event.preventDefault();
    way();
  }
});

/** @param {string[]} names */
async function begin(names) {
  // Traces of different folders may have one name.
  traceNames = names.map((name, number) => {
    const before = names.slice(0, number).filter(each => each === name).length;
    return before ? `${name} (${before + 1})` : name;
  });
  parts.choice.replaceChildren(...traceNames.map((name, number) => new Option(name, String(number))));
  part('trace-group', HTMLElement).hidden = names.length < 2;
  await follow();
}

tracesHere().then(begin).catch(problem => {
  parts.where.textContent = sentence(problem);
  parts.top.className = 'top lost';
});
// For whoever tests the page.
Object.assign(window, {
  semblance: {
    at: () => at, drawn: () => drawn, stages: () => stages, index: () => index, verdict: () => verdict, step: () => lastStep, source: () => source,
  },
});
