/** Takes what was on the screen and what was typed out of a trace. */
@NullMarked
package dev.semblance.harness.edit.redact;

import org.jspecify.annotations.NullMarked;
