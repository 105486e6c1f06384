/**
 * The GDB remote serial protocol: a debugger looks at a machine that is played back, and goes forwards and back in it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.playback.gdb;

import org.jspecify.annotations.NullMarked;
