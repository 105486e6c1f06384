/** The trace: its events, and the file they are kept in. */
@NullMarked
package dev.semblance.harness.trace;

import org.jspecify.annotations.NullMarked;
