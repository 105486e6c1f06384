/** The hart: state, traps, address translation, and the decoded-block interpreter. RISC-V privileged architecture 20240411. */
@NullMarked
package dev.semblance.machine.cpu;

import org.jspecify.annotations.NullMarked;
