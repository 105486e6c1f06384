// The serial console, in xterm.js.

import { Terminal } from './xterm.js';

/** xterm.js makes style elements, which the page's policy takes with its nonce alone. */
function giveStylesTheNonce() {
  const nonce = document.querySelector('meta[name=style-nonce]')?.getAttribute('content') ?? '';
  const create = document.createElement.bind(document);
  document.createElement = /** @type {typeof document.createElement} */ ((
      /** @type {string} */ name, /** @type {ElementCreationOptions | undefined} */ options) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) {
      element.nonce = nonce;
    }
    return element;
  });
}

/** Private modes in which a terminal reports by itself: buttons and motion of the mouse, and the focus. */
const REPORTS = [9, 1000, 1002, 1003, 1004];

/**
 * Lets the terminal answer nothing by itself: what is sent is recorded as a person's input, and the guest of a page that
 * somebody only looks at would go another way than that of no page.
 * @param {Terminal} terminal
 */
function makeSilent({ parser }) {
  const nothing = () => true;
  for (const id of [
    // Attributes, status and place of the cursor, modes, size of the window, version, parameters, keyboard.
    { final: 'c' }, { prefix: '>', final: 'c' }, { prefix: '=', final: 'c' },
    { final: 'n' }, { prefix: '?', final: 'n' }, { prefix: '>', final: 'n' },
    { intermediates: '$', final: 'p' }, { prefix: '?', intermediates: '$', final: 'p' },
    { final: 't' }, { prefix: '>', final: 'q' }, { final: 'x' }, { prefix: '?', final: 'u' },
  ]) {
    parser.registerCsiHandler(id, nothing);
  }
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, nothing);
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, nothing);
  // Colours may be set, not asked for.
  for (const colour of [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]) {
    parser.registerOscHandler(colour, data => data.includes('?'));
  }
  // One of these among other modes takes the others with it.
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, params => params.flat().some(mode => REPORTS.includes(mode)));
}

export class Serial {
  /**
   * @param {HTMLElement} place where it goes
   * @param {(text: string) => void} send called with what is typed
   */
  constructor(place, send) {
    giveStylesTheNonce();
    this.terminal = new Terminal({
      cols: 80,
      rows: 24,
      scrollback: 5000,
      screenReaderMode: false,
      altClickMovesCursor: false,
      // What the guest writes is not this page's word: no links, no clipboard, no title.
      linkHandler: { activate: () => {} },
      fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      fontSize: 13,
      theme: { background: '#101214', foreground: '#e3e5e7' },
    });
    this.terminal.parser.registerOscHandler(52, () => true);
    this.terminal.parser.registerOscHandler(8, () => true);
    makeSilent(this.terminal);
    // There the wheel would press the arrow keys.
    this.terminal.attachCustomWheelEventHandler(() => this.terminal.buffer.active.type !== 'alternate');
    this.terminal.open(place);
    this.terminal.textarea?.setAttribute('aria-label', 'Serial console');
    this.terminal.onData(send);
  }

  /** @param {Uint8Array} bytes that the guest wrote */
  write(bytes) {
    this.terminal.write(bytes);
  }

  clear() {
    this.terminal.reset();
  }
}
