/**
 * The platform's own devices: interrupt controller, timer and software interrupts, serial port.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.device;

import org.jspecify.annotations.NullMarked;
