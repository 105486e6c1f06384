/** Cuts a range out of a trace, so that it still replays. */
@NullMarked
package dev.semblance.harness.trim;

import org.jspecify.annotations.NullMarked;
