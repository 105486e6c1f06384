/**
 * Device scripts: what a driver does to a GPU, line by line, and a rig that does it without a hart.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.rig;

import org.jspecify.annotations.NullMarked;
