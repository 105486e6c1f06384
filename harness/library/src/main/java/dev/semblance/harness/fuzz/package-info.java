/**
 * Fuzzing of a virtio-gpu device: scripts made up from a seed, run on the device and on a reference beside it, compared
 * after every line.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.fuzz;

import org.jspecify.annotations.NullMarked;
