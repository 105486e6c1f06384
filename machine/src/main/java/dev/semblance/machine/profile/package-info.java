/**
 * What a machine is made of: its map, the instruction set of its hart, its RAM.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.profile;

import org.jspecify.annotations.NullMarked;
