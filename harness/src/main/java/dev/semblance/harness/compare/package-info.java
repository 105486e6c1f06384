/** Comparing two traces, without replaying them. */
@NullMarked
package dev.semblance.harness.compare;

import org.jspecify.annotations.NullMarked;
