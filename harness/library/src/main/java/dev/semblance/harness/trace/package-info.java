/**
 * The trace: its events, and the file they are kept in.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.trace;

import org.jspecify.annotations.NullMarked;
