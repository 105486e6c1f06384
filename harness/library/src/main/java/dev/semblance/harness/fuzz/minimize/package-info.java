/** Cuts a failing script down to what makes it fail. */
@NullMarked
package dev.semblance.harness.fuzz.minimize;

import org.jspecify.annotations.NullMarked;
