/**
 * Fuzzing of a virtio-gpu device: scripts made up from a seed, run on the device and on a reference beside it, compared
 * after every line.
 */
@NullMarked
package dev.semblance.harness.fuzz;

import org.jspecify.annotations.NullMarked;
