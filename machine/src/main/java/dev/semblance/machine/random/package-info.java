/** Seeded generators: the only randomness there is. */
@NullMarked
package dev.semblance.machine.random;

import org.jspecify.annotations.NullMarked;
