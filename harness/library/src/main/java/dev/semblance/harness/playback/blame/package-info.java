/**
 * Blame: who made a pixel of a picture, from the flush that showed it down to the instruction that stored it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.playback.blame;

import org.jspecify.annotations.NullMarked;
