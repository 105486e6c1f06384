/** The platform's own devices: interrupt controller, timer and software interrupts, serial port. */
@NullMarked
package dev.semblance.machine.device;

import org.jspecify.annotations.NullMarked;
