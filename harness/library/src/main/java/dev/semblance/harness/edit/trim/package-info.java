/** Cuts a range out of a trace, so that it still replays. */
@NullMarked
package dev.semblance.harness.edit.trim;

import org.jspecify.annotations.NullMarked;
