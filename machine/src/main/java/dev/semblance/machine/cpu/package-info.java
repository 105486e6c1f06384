/**
 * The hart: state, traps, address translation, and the decoded-block interpreter. RISC-V privileged architecture 20240411.
 *
 * <p>What a guest sees is a function of the instructions executed and of what devices did at which cycle. Where a run is cut,
 * which code is decoded and how long a block is never show. {@code Mmu} says what that asks of translations.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.cpu;

import org.jspecify.annotations.NullMarked;
