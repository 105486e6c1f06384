/**
 * Simulated time: cycles, and actions scheduled at them.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.time;

import org.jspecify.annotations.NullMarked;
