/** Simulated time: cycles, and actions scheduled at them. */
@NullMarked
package dev.semblance.machine.time;

import org.jspecify.annotations.NullMarked;
