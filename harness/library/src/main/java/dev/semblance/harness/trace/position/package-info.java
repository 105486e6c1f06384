/** Moments of a trace: how they are written, and where in a trace they are. */
@NullMarked
package dev.semblance.harness.trace.position;

import org.jspecify.annotations.NullMarked;
