/** Comparing two traces, without replaying them. */
@NullMarked
package dev.semblance.harness.trace.diff;

import org.jspecify.annotations.NullMarked;
