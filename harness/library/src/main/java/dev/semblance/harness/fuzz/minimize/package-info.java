/**
 * Cuts a failing script down to what makes it fail.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.fuzz.minimize;

import org.jspecify.annotations.NullMarked;
