// Where the viewer has a trace from: a server that plays it (server.js), or the page itself (file.js). The rest of the page does not know which.

/**
 * A trace, or a part of it. Events have their numbers in the whole trace; those that are here are `first` up to `first + kinds.length - 1`.
 * @typedef {object} Story
 * @property {string} title the trace's name
 * @property {string} file what commands call it
 * @property {[string, string][]} facts what is told of it, by name
 * @property {string} problem why not all of it can be shown; empty if it can
 * @property {number} clock cycles in a second; 0 where nobody knows
 * @property {number} scanouts how many there are
 * @property {number} first the number of the first event that is here
 * @property {number} total how many events the trace has
 * @property {string[]} kindNames the kinds of events; those of commands are the commands' names where they have one
 * @property {number[]} earlier how many of each kind the trace has before the first event that is here
 * @property {number[]} kinds the kind of each event, by its place in `kindNames`
 * @property {number[]} cycles the cycle of the first event, and by how much each one more
 * @property {[number, number][]} shown events that change what a scanout shows, with its number: flushes, screens that go dark, displays that change
 * @property {{event: number, label: string, scanout: number}[]} snapshots
 * @property {Resource[]} resources in the order in which they were made
 * @property {Queue[]} queues
 */

/**
 * The life of a resource. What was made before the part that is here has the event -1.
 * @typedef {object} Resource
 * @property {number} id
 * @property {string} text its size and format
 * @property {number} created the event that made it
 * @property {number} [destroyed] the event that ended it; not there where it lives to the end
 * @property {{event: number, about: string, text: string}[]} changes what was done to it: its backing, and where it is shown; the last one about
 *     something tells how that is
 * @property {number[]} touched events that brought pixels to it, or flushed it
 */

/**
 * The life of a virtqueue.
 * @typedef {object} Queue
 * @property {string} name of the device and the queue
 * @property {{event: number, text: string, on: boolean}[]} changes when it was enabled, and how, disabled or reset
 * @property {number[]} notified events by which the driver notified the device, in their order
 * @property {number[]} used events by which the device used a chain, in their order
 */

/**
 * What a scanout shows.
 * @typedef {object} Picture
 * @property {number} width 0 where it is dark
 * @property {number} height
 * @property {Uint8ClampedArray<ArrayBuffer>} pixels R, G, B and 255 of each
 * @property {Cursor | undefined} cursor the hardware cursor over it
 */

/**
 * @typedef {object} Cursor
 * @property {number} x of its left edge; may be negative
 * @property {number} y of its upper edge
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray<ArrayBuffer>} pixels R, G, B and alpha of each, not premultiplied
 */

/**
 * What a replay came to.
 * @typedef {object} Verdict
 * @property {boolean} ready whether the replay has ended
 * @property {string} text in a sentence
 * @property {boolean} good whether nothing differs
 * @property {{event: number, text: string}[]} divergences where it did otherwise than the trace
 * @property {{label: string, status: string, good: boolean, sentences: string[], expected: boolean, actual: boolean, difference: boolean}[]} snapshots
 *     with what there are pictures of
 */

/**
 * @typedef {object} Source
 * @property {() => Promise<Story>} story
 * @property {(from: number, count: number) => Promise<string[]>} lines what `dump` prints of the events from one on
 * @property {(text: string) => Promise<number[]>} filter the events whose lines have a text in them, in whatever case, in their order
 * @property {(event: number) => Promise<[string, string][]>} details the fields of an event, by name
 * @property {(event: number) => Promise<Picture[]>} pictures what each scanout shows right after an event; before the first: the one before that
 * @property {(event: number, scanout: number) => Promise<CanvasImageSource>} thumbnail at most 128x96
 * @property {() => Promise<Verdict>} verdict
 * @property {(label: string, which: 'expected' | 'actual' | 'difference') => Promise<string>} snapshot the address of a picture
 * @property {(event: number, resource: number) => Promise<string>} image the address of a picture of a resource's pixels, right after an event;
 *     empty where it cannot be had
 * @property {(event: number, scanout: number, x: number, y: number) => Promise<string[]>} blame who made a pixel, as `blame` prints it
 * @property {boolean} complete whether resources have images, and pixels can be blamed on somebody
 */

export {};
