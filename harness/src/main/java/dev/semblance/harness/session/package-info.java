/** A machine with all its devices, as recording and replay both build it. */
@NullMarked
package dev.semblance.harness.session;

import org.jspecify.annotations.NullMarked;
