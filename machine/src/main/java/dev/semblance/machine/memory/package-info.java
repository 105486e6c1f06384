/** Guest-physical memory: the interface devices see, and the RAM behind it. */
@NullMarked
package dev.semblance.machine.memory;

import org.jspecify.annotations.NullMarked;
