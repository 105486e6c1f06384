/**
 * How parts of the machine show their guest-visible state, for digests and comparison.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.state;

import org.jspecify.annotations.NullMarked;
