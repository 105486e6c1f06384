/**
 * A machine with all its devices, as recording and replay both build it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.record.session;

import org.jspecify.annotations.NullMarked;
