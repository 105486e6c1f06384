/**
 * Playback: any moment of a trace again, earlier or later.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.playback;

import org.jspecify.annotations.NullMarked;
