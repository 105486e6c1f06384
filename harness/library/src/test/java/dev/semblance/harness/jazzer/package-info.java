/** Fuzz targets for Jazzer: over their seeds in every build, without end where {@code JAZZER_FUZZ=1} is set. */
@NullMarked
package dev.semblance.harness.jazzer;

import org.jspecify.annotations.NullMarked;
