/** The SBI calls that the machine answers itself: SBI specification 2.0. */
@NullMarked
package dev.semblance.machine.sbi;

import org.jspecify.annotations.NullMarked;
