/** Packs: traces and what belongs to them in one file, to attach to a bug report. */
@NullMarked
package dev.semblance.harness.edit.pack;

import org.jspecify.annotations.NullMarked;
