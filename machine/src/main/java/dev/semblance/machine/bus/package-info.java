/** The physical address space outside RAM: memory-mapped devices and interrupt lines. */
@NullMarked
package dev.semblance.machine.bus;

import org.jspecify.annotations.NullMarked;
