/**
 * Replay: a machine or a device driven by a trace, compared with it event by event.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.replay;

import org.jspecify.annotations.NullMarked;
