/**
 * What {@code semblance benchmark} measures: speeds and sizes on this computer (docs/BENCHMARKS.md). The one place in the
 * project that looks at the host's clock to learn how long something took.
 */
@NullMarked
package dev.semblance.cli.benchmark;

import org.jspecify.annotations.NullMarked;
