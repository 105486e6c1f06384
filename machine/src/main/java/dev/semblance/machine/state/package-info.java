/** How parts of the machine show their guest-visible state, for digests and comparison. */
@NullMarked
package dev.semblance.machine.state;

import org.jspecify.annotations.NullMarked;
