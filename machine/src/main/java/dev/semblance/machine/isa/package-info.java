/** The instruction table, and what is made of it: decoder, disassembler, arithmetic. */
@NullMarked
package dev.semblance.machine.isa;

import org.jspecify.annotations.NullMarked;
