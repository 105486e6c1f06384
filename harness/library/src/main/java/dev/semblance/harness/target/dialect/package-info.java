/**
 * Dialects: in what a device that is not ours may answer or show otherwise than the standard has it, each with its reason and a
 * link (docs/TARGETS.md). As a policy does for pictures, a dialect allows what it names and nothing else.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.target.dialect;

import org.jspecify.annotations.NullMarked;
