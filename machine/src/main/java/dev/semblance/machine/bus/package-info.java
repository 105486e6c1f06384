/**
 * The physical address space outside RAM: memory-mapped devices and interrupt lines.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.bus;

import org.jspecify.annotations.NullMarked;
