// What happens in a trace, made ready for questions: what is where, what comes next, and what a place is called.

/** @typedef {import('./source.js').Story} Story */

/**
 * Where in a rising list a number is, or would go.
 * @param {ArrayLike<number>} list
 * @param {number} value
 */
export function firstAtLeast(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A number with commas. @param {number} number */
export function commas(number) {
  return number.toLocaleString('en');
}

const NUMBER = /^[0-9]+(?:[_,][0-9]+)*$/;
const NOTATION = 'event:N (or N alone), cycle:N, flush:N, snapshot:LABEL, command:NAME:N, start or end, with N counted from 0';

/** An error for people. */
export class PositionError extends Error {}

/** The story, with its events by number. "Right after" an event is the place of that number; the start is one less than the first. */
export class StoryIndex {
  /** @param {Story} story */
  constructor(story) {
    this.story = story;
    this.first = story.first;
    this.count = story.kinds.length;
    this.last = this.first + this.count - 1;
    /** The place before all events that are here. */
    this.start = this.first - 1;
    this.cycles = new Float64Array(this.count);
    let cycle = 0;
    for (let i = 0; i < this.count; i++) {
      cycle += story.cycles[i];
      this.cycles[i] = cycle;
    }
    /** Commands have names in capitals; all other kinds begin with a small letter. */
    this.isCommand = story.kindNames.map(name => name === 'command' || !/^[a-z]/.test(name));
    this.flushes = this.events(name => name === 'flush');
    this.commands = this.events((name, kind) => this.isCommand[kind]);
    this.shown = Int32Array.from(story.shown, ([event]) => event);
  }

  /**
   * The events of some kinds, in their order.
   * @param {(name: string, kind: number) => boolean} wanted
   */
  events(wanted) {
    const { kinds, kindNames } = this.story;
    const takes = kindNames.map(wanted);
    const found = [];
    for (let i = 0; i < kinds.length; i++) {
      if (takes[kinds[i]]) {
        found.push(this.first + i);
      }
    }
    return Int32Array.from(found);
  }

  /** @param {number} event */
  kindOf(event) {
    return this.story.kindNames[this.story.kinds[event - this.first]] ?? '';
  }

  /** The cycle of an event; at the start, that of the first. @param {number} event */
  cycleOf(event) {
    return this.cycles[Math.max(0, event - this.first)] ?? 0;
  }

  /** The number of an event's flush in the whole trace, if it is one. @param {number} event */
  flushNumber(event) {
    const place = firstAtLeast(this.flushes, event);
    return this.flushes[place] === event ? place + this.earlier('flush') : undefined;
  }

  /** @param {string} name */
  earlier(name) {
    return this.story.earlier[this.story.kindNames.indexOf(name)] ?? 0;
  }

  /** Guest time as people say it. @param {number} event */
  time(event) {
    const { clock } = this.story;
    return clock > 0 ? `${(this.cycleOf(event) / clock).toFixed(3)} s` : `@${commas(this.cycleOf(event))}`;
  }

  /** What is near a place, in words. @param {number} event */
  describe(event) {
    if (event < this.first) {
      return this.first === 0 ? 'start, before all events' : `before event ${this.first}`;
    }
    const flush = this.flushNumber(event);
    const snapshot = this.story.snapshots.find(each => each.event === event);
    return [
      `event ${commas(event)} of ${commas(this.story.total)}`,
      `cycle ${commas(this.cycleOf(event))}`,
      this.story.clock > 0 ? this.time(event) : '',
      flush === undefined ? '' : `flush ${commas(flush)}`,
      snapshot ? `snapshot ${snapshot.label}` : '',
    ].filter(Boolean).join(' · ');
  }

  /**
   * The next or last one of some events from a place; the place itself where there is none.
   * @param {Int32Array} list
   * @param {number} from
   * @param {1 | -1} way
   */
  step(list, from, way) {
    const at = firstAtLeast(list, from);
    if (way > 0) {
      return list[list[at] === from ? at + 1 : at] ?? from;
    }
    return list[at - 1] ?? (from > this.start ? this.start : from);
  }

  /**
   * The event of a position in the common notation.
   * @param {string} text
   * @returns {number} right after it
   */
  find(text) {
    const event = this.place(text.trim());
    if (event < this.start || event > this.last) {
      throw new PositionError(`${text} is not in the part that is here: events ${this.first} to ${this.last}`);
    }
    return event;
  }

  /** @param {string} text */
  place(text) {
    const [word, ...rest] = text.split(':');
    const name = word.toLowerCase();
    if (rest.length === 0) {
      return name === 'start' ? this.start : name === 'end' ? this.last : this.counted(this.number(word, text));
    }
    const behind = rest.length > 1 ? this.number(rest.slice(1).join(':'), text) : 0;
    switch (name) {
      case 'event':
      case 'sequence':
        return this.counted(this.number(rest.join(':'), text));
      case 'cycle': {
        const cycle = this.number(rest.join(':'), text);
        if (cycle > this.cycleOf(this.last)) {
          throw new PositionError(`the trace has no cycle ${commas(cycle)}; its last event is at ${commas(this.cycleOf(this.last))}`);
        }
        return this.first + firstAtLeast(this.cycles, cycle) - 1;
      }
      case 'flush': {
        const number = this.number(rest.join(':'), text);
        return this.nth(this.flushes, number, this.earlier('flush'), 'flush');
      }
      case 'snapshot': {
        const found = this.story.snapshots.filter(each => each.label === rest[0])[behind];
        if (!found) {
          const known = this.story.snapshots.map(each => each.label);
          throw new PositionError(`no snapshot ${rest[0]}${known.length ? `; there are ${known.slice(0, 8).join(', ')}` : ''}`);
        }
        return found.event;
      }
      case 'command': {
        const kind = this.story.kindNames.findIndex((each, i) =>
            this.isCommand[i] && each !== 'command' && each.toLowerCase() === rest[0].toLowerCase());
        if (kind < 0) {
          throw new PositionError(`no command ${rest[0]} in it`);
        }
        return this.nth(this.events((each, i) => i === kind), behind, this.story.earlier[kind], rest[0]);
      }
      default:
        throw new PositionError(`"${text.slice(0, 100)}" is no position: write ${NOTATION}`);
    }
  }

  /** @param {number} event */
  counted(event) {
    if (event > this.last) {
      throw new PositionError(`no event ${commas(event)}; the last is ${commas(this.last)}`);
    }
    return event;
  }

  /**
   * @param {Int32Array} list
   * @param {number} number in the whole trace
   * @param {number} earlier how many of them come before what is here
   * @param {string} what
   */
  nth(list, number, earlier, what) {
    const event = list[number - earlier];
    if (event === undefined) {
      throw new PositionError(list.length
          ? `no ${what} ${commas(number)}; they go from ${commas(earlier)} to ${commas(earlier + list.length - 1)}`
          : `no ${what} in it`);
    }
    return event;
  }

  /**
   * @param {string} digits
   * @param {string} text
   */
  number(digits, text) {
    const value = Number(digits.replace(/[_,]/g, ''));
    if (!NUMBER.test(digits) || !Number.isSafeInteger(value)) {
      throw new PositionError(`"${text.slice(0, 100)}" is no position: write ${NOTATION}`);
    }
    return value;
  }
}
