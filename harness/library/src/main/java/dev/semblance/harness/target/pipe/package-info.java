/**
 * A device under test that is a program of any language: it reads lines of JSON from standard input and writes lines of JSON to
 * standard output (docs/TARGETS.md). Queues and guest memory stay here; the program answers requests, asks for what it reads
 * of guest memory, and tells what its scanouts show.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.target.pipe;

import org.jspecify.annotations.NullMarked;
