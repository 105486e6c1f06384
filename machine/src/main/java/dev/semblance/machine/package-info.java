/**
 * The machine as a whole: what it is made of, how it starts, how a run ends.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine;

import org.jspecify.annotations.NullMarked;
