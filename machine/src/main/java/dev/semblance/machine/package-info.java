/** The machine as a whole: what it is made of, how it starts, how a run ends. */
@NullMarked
package dev.semblance.machine;

import org.jspecify.annotations.NullMarked;
