// What is typed for the serial console, however long: one piece is under way at a time, and the guest's answer brings the next.

/** A message has 4096 bytes at most, of which JSON takes up to six for a unit of UTF-16. */
const AT_ONCE = 600;

export class Typist {
  /**
   * @param {(message: object) => void} send
   * @param {(why: string, rest: number) => void} refused called with what is not typed: why, and how many characters
   */
  constructor(send, refused) {
    this.send = send;
    this.refused = refused;
    /** What is not sent yet. */
    this.rest = '';
    this.waits = false;
  }

  /** @param {string} text */
  type(text) {
    this.rest += text;
    this.next();
  }

  next() {
    if (this.waits || this.rest === '') {
      return;
    }
    // A character of two units stays whole.
    const last = this.rest.charCodeAt(AT_ONCE - 1);
    const end = last >= 0xd800 && last < 0xdc00 ? AT_ONCE - 1 : AT_ONCE;
    const piece = this.rest.slice(0, end);
    this.rest = this.rest.slice(end);
    this.waits = true;
    this.send({ type: 'type', text: piece });
  }

  /**
   * What follows a piece that is not taken would be typed without it, so it is not typed either.
   * @param {string | undefined} why the last piece is not typed
   */
  answered(why) {
    this.waits = false;
    if (why) {
      this.drop(why);
    }
    this.next();
  }

  /** The connection has gone, and the answer with it. */
  lost() {
    this.waits = false;
    if (this.rest !== '') {
      this.drop('the connection is lost');
    }
  }

  /** @param {string} why */
  drop(why) {
    const rest = this.rest.length;
    this.rest = '';
    this.refused(why, rest);
  }
}
