/**
 * The one place that writes files. A file appears under its name when it is complete, or not at all; what is left of one
 * that was not completed is gone, but for a recording, whose part is kept. No other package opens a file for writing. Beside that, it finds files by
 * patterns.
 */
@NullMarked
package dev.semblance.harness.files;

import org.jspecify.annotations.NullMarked;
