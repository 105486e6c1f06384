/**
 * Floating point: what the instructions of F and D compute (RISC-V unprivileged ISA, chapters 20 and 21), bit for bit and
 * flag for flag, on every host.
 */
@NullMarked
package dev.semblance.machine.fp;

import org.jspecify.annotations.NullMarked;
