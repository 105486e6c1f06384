// The page of a guest that runs: one WebSocket, on which everything comes in its order, and what a person does goes back.

import { CHORDS, Keyboard } from './keyboard.js';
import { Pointer } from './pointer.js';
import { Screen } from './screen.js';
import { Serial } from './serial.js';
import { Typist } from './typist.js';

const PICTURE = 1;
const CURSOR = 2;
const CONSOLE = 3;
const FIRST_RETRY = 500;

const PHASES = /** @type {Record<string, string>} */ ({
  NOT_CONNECTED: 'Waiting for QEMU to connect.',
  NO_DRIVER: 'QEMU is connected. No driver of the guest uses the GPU: it boots, starts anew, or is paused.',
  SCENARIO: 'The scenario is running; it comes first.',
  SCENARIO_PAUSED: 'The scenario is running, and stands still.',
  SCENARIO_DONE: 'The scenario is done. Go on from here, or finish: then the trace is as without this page.',
  RUNNING: 'Running.',
  PAUSED: 'Paused.',
  ENDED: 'The run is over.',
});

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`no ${id}`);
  }
  return found;
}

const top_ = element('top', HTMLElement);
const state = element('state', HTMLElement);
const hands = element('hands', HTMLElement);
const control = element('control', HTMLElement);
const numbers = element('numbers', HTMLElement);
const notice = element('notice', HTMLElement);
const place = element('screens', HTMLElement);
const buttons = {
  pause: element('pause', HTMLButtonElement),
  step: element('step', HTMLButtonElement),
  send: element('send', HTMLButtonElement),
  take: element('take', HTMLButtonElement),
  power: element('power', HTMLButtonElement),
  finish: element('finish', HTMLButtonElement),
  fullscreen: element('fullscreen', HTMLButtonElement),
  snapshot: element('snapshot-take', HTMLButtonElement),
  display: element('display-change', HTMLButtonElement),
};
const label = element('label', HTMLInputElement);
const mode = element('mode', HTMLInputElement);
const number = element('number', HTMLSelectElement);
const zoom = element('zoom', HTMLSelectElement);
const chord = element('chord', HTMLSelectElement);

/** @type {Screen[]} */
let screens = [];
/** @type {WebSocket | undefined} */
let socket;
let order = Promise.resolve();
let retry = FIRST_RETRY;
let hello = /** @type {any} */ ({ clock: 1, keyboard: true });
let status = /** @type {any} */ ({ phase: 'RUNNING', control: 'nobody' });
let ended = '';
let noticeTimer = 0;

/** @param {object} message */
function say(message) {
  if (!ended && socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify(message));
  }
}

/** @param {string} text */
function tell(text) {
  notice.textContent = text;
  notice.hidden = false;
  window.clearTimeout(noticeTimer);
  noticeTimer = window.setTimeout(() => { notice.hidden = true; }, 6000);
}

const keyboard = new Keyboard(
    (code, down) => say({ type: 'key', code, down }),
    () => letGo(),
    code => tell(`The guest's keyboard has no key ${code}.`));
const pointer = new Pointer(say, event => keyboard.letGoOfModifiers(event));
const typist = new Typist(say, (why, rest) => tell(
    rest ? `Not typed: ${why}. The last ${rest.toLocaleString('en')} characters are dropped.` : `Not typed: ${why}.`));
const serial = new Serial(element('serial', HTMLElement), text => typist.type(text));

// ---- who has keyboard and mouse --------------------------------------------------------------------------------------

/** @param {HTMLElement} stage */
function grab(stage) {
  if (status.control !== 'you' || !socket) {
    tell(status.control === 'other' ? 'Another page has the controls; this one watches.' : 'Take control first.');
    return;
  }
  keyboard.grabbed = true;
  stage.focus();
  stage.classList.add('grabbed');
  showHands();
}

/** @param {HTMLElement} stage */
async function lock(stage) {
  if (!hello.mouse) {
    pointer.grabbed = true;
    showHands();
    return;
  }
  try {
    await stage.requestPointerLock({ unadjustedMovement: true });
  } catch {
    try {
      await stage.requestPointerLock();
    } catch {
      // Browsers refuse it for a second after Escape gave it up.
      pointer.grabbed = hello.tablet;
      tell('The browser does not give the mouse away just now: the guest has the keyboard only. Click again in a moment.');
    }
  }
  showHands();
}

function letGo() {
  keyboard.grabbed = false;
  pointer.grabbed = false;
  keyboard.letGoOfAll();
  pointer.letGoOfAll();
  say({ type: 'release' });
  screens.forEach(screen => screen.stage.classList.remove('grabbed'));
  if (document.pointerLockElement) {
    document.exitPointerLock();
  }
  showHands();
}

function showHands() {
  hands.hidden = !hello.keyboard;
  const mouse = pointer.grabbed && (pointer.isLocked() || hello.tablet);
  hands.textContent = !keyboard.grabbed
      ? 'keyboard and mouse are yours'
      : mouse ? 'the guest has keyboard and mouse: Ctrl+Alt+G' : 'the guest has the keyboard: Ctrl+Alt+G';
  hands.classList.toggle('grabbed', keyboard.grabbed);
}

document.addEventListener('pointerlockchange', () => {
  pointer.grabbed = pointer.isLocked();
  if (!pointer.isLocked()) {
    pointer.letGoOfAll();
  }
  showHands();
});
window.addEventListener('blur', () => { if (keyboard.grabbed) { letGo(); } });
document.addEventListener('visibilitychange', () => { if (document.hidden && keyboard.grabbed) { letGo(); } });
document.addEventListener('focusin', event => {
  const inside = event.target instanceof Node && screens.some(screen => screen.stage.contains(/** @type {Node} */ (event.target)));
  if (keyboard.grabbed && !inside) {
    letGo();
  }
});

/** @param {Screen} screen */
function watch(screen) {
  const { stage } = screen;
  stage.addEventListener('keydown', event => {
    if (!keyboard.grabbed && event.key === 'Enter') {
      event.preventDefault();
      grab(stage);
    }
  });
  // The click that gives the mouse away is not the guest's.
  stage.addEventListener('click', () => {
    if (!keyboard.grabbed) {
      grab(stage);
    }
    if (keyboard.grabbed && !pointer.grabbed) {
      void lock(stage);
    }
  });
  pointer.watch(stage, event => where(screen, event));
}

/**
 * A place on the tablet, whose axes go over all displays side by side: the middle of a pixel.
 * @param {Screen} screen
 * @param {MouseEvent} event
 */
function where(screen, event) {
  const sizes = screens.map(({ mode: shown, picture }) =>
      shown === 'off' ? [0, 0] : shown ? shown.split('x').map(Number) : [picture.width, picture.height]);
  const width = sizes.reduce((sum, size) => sum + size[0], 0);
  const height = Math.max(1, ...sizes.map(size => size[1]));
  const left = sizes.slice(0, screen.number).reduce((sum, size) => sum + size[0], 0);
  const box = screen.picture.getBoundingClientRect();
  const along = (/** @type {number} */ at, /** @type {number} */ shown, /** @type {number} */ pixels) =>
      Math.floor(Math.min(Math.max(at / shown, 0), 1) * (pixels - 1e-6));
  return {
    x: axis(left + along(event.clientX - box.left, box.width, screen.picture.width), width),
    y: axis(along(event.clientY - box.top, box.height, screen.picture.height), height),
  };
}

/**
 * @param {number} pixel
 * @param {number} size
 */
function axis(pixel, size) {
  return Math.min(Math.floor((2 * pixel + 1) * 32768 / (2 * Math.max(size, 1))), 32767);
}

// ---- what the server says --------------------------------------------------------------------------------------------

/** @param {any} message */
function heard(message) {
  switch (message.type) {
    case 'hello':
      hello = message;
      retry = FIRST_RETRY;
      typist.lost();
      document.title = `${message.title} - Semblance`;
      element('title', HTMLElement).textContent = message.title;
      keyboard.codes = new Set(message.keys);
      pointer.mouse = message.mouse;
      pointer.tablet = message.tablet;
      screens.forEach(screen => screen.figure.remove());
      screens = Array.from({ length: message.scanouts }, (_, i) => new Screen(i, place, message.keyboard));
      if (message.keyboard) {
        screens.forEach(watch);
      }
      showWhatThereIs();
      screens.forEach(screen => screen.setZoom(zoom.value));
      number.replaceChildren(...screens.map(screen => new Option(String(screen.number))));
      serial.clear();
      element('snapshot', HTMLFormElement).hidden = !message.records;
      break;
    case 'status':
      status = message;
      showStatus();
      break;
    case 'typed':
      typist.answered(message.why);
      break;
    case 'refused':
      tell(`Not done: ${message.why}.`);
      break;
    case 'ended':
      ended = message.text;
      letGo();
      showStatus();
      break;
  }
}

/** What another program has is not shown here. */
function showWhatThereIs() {
  for (const part of document.querySelectorAll('[data-needs]')) {
    if (part instanceof HTMLElement) {
      part.hidden = !hello[part.dataset.needs ?? ''];
    }
  }
  element('elsewhere', HTMLElement).hidden = hello.keyboard;
  showHands();
}

function showStatus() {
  const mine = status.control === 'you' && !ended;
  const scripted = status.phase === 'SCENARIO' || status.phase === 'SCENARIO_PAUSED';
  const still = status.phase !== 'RUNNING' && status.phase !== 'SCENARIO';
  const text = ended || PHASES[status.phase];
  if (state.textContent !== text) {
    state.textContent = text;
  }
  top_.className = ended ? 'top ended' : still ? 'top paused' : 'top';
  control.textContent = status.control === 'you' ? 'you control it' : status.control === 'other' ? 'watching: another page controls it' : 'watching';
  control.classList.toggle('on', mine);
  buttons.take.hidden = status.control !== 'nobody' || Boolean(ended);
  buttons.pause.textContent = still ? 'Go on' : 'Pause';
  buttons.finish.disabled = !mine;
  buttons.pause.disabled = buttons.step.disabled = !mine || !hello.time;
  for (const field of [buttons.power, buttons.send, buttons.snapshot, buttons.display, label, mode, number, chord]) {
    field.disabled = !mine || scripted;
  }
  const seconds = (status.cycle / hello.clock).toFixed(1);
  const count = (/** @type {number} */ n, /** @type {string} */ what) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : what.endsWith('h') ? 'es' : 's'}`;
  numbers.textContent = [
    hello.time ? `${seconds} s of guest time` : `${seconds} s by this computer's clock`,
    count(status.flushes ?? 0, 'flush'),
    status.events === undefined ? '' : count(status.events, 'event'),
    hello.records ? count(status.snapshots ?? 0, 'snapshot') : 'not recorded',
    status.held ? count(status.held, 'key') + ' down' : '',
  ].filter(Boolean).join(', ');
  (status.displays ?? []).forEach((/** @type {string} */ shown, /** @type {number} */ i) => screens[i]?.setMode(shown));
  if (!mine && keyboard.grabbed) {
    letGo();
  }
}

/** @param {MessageEvent} event */
async function received(event) {
  if (typeof event.data === 'string') {
    heard(JSON.parse(event.data));
    return;
  }
  const view = new DataView(/** @type {ArrayBuffer} */ (event.data));
  const screen = screens[view.getUint8(1)];
  switch (view.getUint8(0)) {
    case PICTURE:
      await screen.show(view);
      say({ type: 'drawn' });
      break;
    case CURSOR:
      screen.showCursor(view);
      say({ type: 'drawn' });
      break;
    case CONSOLE:
      serial.write(new Uint8Array(view.buffer, 4));
      break;
  }
}

function connect() {
  const opened = new WebSocket(new URL('socket', location.href.replace(/^http/, 'ws')));
  opened.binaryType = 'arraybuffer';
  opened.onmessage = event => {
    // Inflating takes its time, and nothing may overtake it. What cannot be understood is asked for anew.
    order = order.then(() => received(event)).catch(() => opened.close());
  };
  opened.onclose = () => {
    socket = undefined;
    letGo();
    typist.lost();
    if (ended) {
      return;
    }
    top_.className = 'top lost';
    state.textContent = 'The connection is lost; trying again …';
    status.control = 'nobody';
    window.setTimeout(connect, retry);
    retry = Math.min(retry * 2, 5000);
  };
  socket = opened;
}

// ---- controls --------------------------------------------------------------------------------------------------------

const paused = () => status.phase !== 'RUNNING' && status.phase !== 'SCENARIO';
buttons.pause.addEventListener('click', () => say({ type: paused() ? 'resume' : 'pause' }));
buttons.step.addEventListener('click', () => say({ type: 'step' }));
buttons.take.addEventListener('click', () => say({ type: 'take' }));
buttons.finish.addEventListener('click', () => say({ type: 'finish' }));
buttons.power.addEventListener('click', () => say({ type: 'power-off' }));
buttons.send.addEventListener('click', () => {
  const keys = CHORDS[chord.selectedIndex][1];
  keys.forEach(code => say({ type: 'key', code, down: true }));
  keys.toReversed().forEach(code => say({ type: 'key', code, down: false }));
});
buttons.fullscreen.addEventListener('click', async () => {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
    return;
  }
  await place.requestFullscreen();
  const { keyboard: held } = /** @type {{keyboard?: {lock: () => Promise<void>}}} */ (/** @type {unknown} */ (navigator));
  if (!hello.keyboard) {
    return;
  }
  await held?.lock().catch(() => {});
  if (screens[0]) {
    grab(screens[0].stage);
  }
});
element('snapshot', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  say({ type: 'snapshot', label: label.value });
  label.value = '';
});
element('display', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  say({ type: 'display', number: Number(number.value), mode: mode.value });
});
zoom.addEventListener('change', () => screens.forEach(screen => screen.setZoom(zoom.value)));
chord.replaceChildren(...CHORDS.map(([name]) => new Option(name)));

document.addEventListener('keydown', event => {
  const typing = event.target instanceof HTMLElement && event.target.closest('input, select, textarea');
  if (keyboard.grabbed || typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const action = { p: buttons.pause, n: buttons.step }[event.key];
  if (action && !action.disabled) {
    action.click();
  } else if (event.key === 's' && !label.disabled) {
    event.preventDefault();
    label.focus();
  }
});

connect();
// For whoever tests the page.
Object.assign(window, { semblance: { screens: () => screens, status: () => status } });
