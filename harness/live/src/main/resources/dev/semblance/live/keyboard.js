// The keyboard, by the place of its keys, while the guest has it.

/** Modifiers by the state that says whether they are down. */
const MODIFIERS = /** @type {[string, string[]][]} */ ([
  ['Control', ['ControlLeft', 'ControlRight']],
  ['Shift', ['ShiftLeft', 'ShiftRight']],
  ['Alt', ['AltLeft']],
]);

/** AltGr comes as two keys on Windows, of the same moment, or nearly: the first one is false. */
const SAME_MOMENT = 50;

/** So long it takes at most until the second one is told of. */
const HELD_BACK = 100;

export class Keyboard {
  /**
   * @param {(code: string, down: boolean) => void} send
   * @param {() => void} release called by Ctrl+Alt+G
   * @param {(code: string) => void} unknown called with a key that the guest does not have
   */
  constructor(send, release, unknown) {
    this.send = send;
    this.release = release;
    this.unknown = unknown;
    this.grabbed = false;
    /** @type {Set<string>} */
    this.codes = new Set();
    /** @type {Set<string>} */
    this.held = new Set();
    this.hasFalseControl = navigator.platform.startsWith('Win');
    /** @type {{at: number, timer: number} | undefined} */
    this.control = undefined;
    document.addEventListener('keydown', event => this.key(event, true), true);
    document.addEventListener('keyup', event => this.key(event, false), true);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} down
   */
  key(event, down) {
    if (!this.grabbed) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (down && event.code === 'KeyG' && event.ctrlKey && event.altKey && !event.getModifierState('AltGraph')) {
      this.release();
      return;
    }
    // The guest repeats keys itself.
    if (event.repeat) {
      return;
    }
    if (down && event.code === 'AltRight' && this.control && event.timeStamp - this.control.at <= SAME_MOMENT) {
      window.clearTimeout(this.control.timer);
      this.control = undefined;
    }
    this.letGoOfModifiers(event);
    if (down && event.code === 'ControlLeft' && this.hasFalseControl && !this.held.has(event.code)) {
      this.control = { at: event.timeStamp, timer: window.setTimeout(() => this.pressControl(), HELD_BACK) };
      return;
    }
    if (!this.codes.has(event.code)) {
      if (down) {
        this.unknown(event.code || event.key);
      }
      return;
    }
    this.change(event.code, down);
    if (event.code === 'CapsLock' && navigator.platform.startsWith('Mac')) {
      // There its key goes down when the lock goes on, and up when it goes off.
      this.change(event.code, !down);
    }
  }

  /**
   * Browsers keep some keys for themselves, such as Ctrl+Tab, and the release of the modifier with them.
   * @param {KeyboardEvent | MouseEvent} event
   */
  letGoOfModifiers(event) {
    this.pressControl();
    for (const [state, codes] of MODIFIERS) {
      if (!event.getModifierState(state)) {
        codes.filter(code => this.held.has(code) && !('code' in event && event.code === code))
            .forEach(code => this.change(code, false));
      }
    }
  }

  /** Presses the control key that was held back: it is a true one. */
  pressControl() {
    if (this.control) {
      window.clearTimeout(this.control.timer);
      this.control = undefined;
      this.change('ControlLeft', true);
    }
  }

  /**
   * @param {string} code
   * @param {boolean} down
   */
  change(code, down) {
    if (down === this.held.has(code)) {
      return;
    }
    if (down) {
      this.held.add(code);
    } else {
      this.held.delete(code);
    }
    this.send(code, down);
  }

  letGoOfAll() {
    window.clearTimeout(this.control?.timer);
    this.control = undefined;
    [...this.held].forEach(code => this.change(code, false));
  }
}

/** What browsers or desktops keep for themselves, to be sent from a list. */
export const CHORDS = /** @type {[string, string[]][]} */ ([
  ['Ctrl+Alt+Del', ['ControlLeft', 'AltLeft', 'Delete']],
  ['Escape', ['Escape']],
  ['Ctrl+C', ['ControlLeft', 'KeyC']],
  ['Ctrl+W', ['ControlLeft', 'KeyW']],
  ['Ctrl+T', ['ControlLeft', 'KeyT']],
  ['Ctrl+N', ['ControlLeft', 'KeyN']],
  ['Ctrl+Tab', ['ControlLeft', 'Tab']],
  ['Alt+Tab', ['AltLeft', 'Tab']],
  ['Alt+F4', ['AltLeft', 'F4']],
  ...[1, 2, 3, 4, 5, 6, 7].map(n => /** @type {[string, string[]]} */ (
      [`Ctrl+Alt+F${n}`, ['ControlLeft', 'AltLeft', `F${n}`]])),
]);
