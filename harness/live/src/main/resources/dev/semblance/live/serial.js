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
      // What the guest writes is not this page's word: no links, no clipboard, no title.
      linkHandler: { activate: () => {} },
      fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      fontSize: 13,
      theme: { background: '#101214', foreground: '#e3e5e7' },
    });
    this.terminal.parser.registerOscHandler(52, () => true);
    this.terminal.parser.registerOscHandler(8, () => true);
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
