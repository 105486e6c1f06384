/**
 * Trace events for people, one line each, and for programs, one JSON object each.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.trace.text;

import org.jspecify.annotations.NullMarked;
