/** A machine with all its devices, as recording and replay both build it. */
@NullMarked
package dev.semblance.harness.record.session;

import org.jspecify.annotations.NullMarked;
