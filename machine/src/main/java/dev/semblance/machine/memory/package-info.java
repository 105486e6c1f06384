/**
 * Guest-physical memory: the interface devices see, and the RAM behind it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.memory;

import org.jspecify.annotations.NullMarked;
