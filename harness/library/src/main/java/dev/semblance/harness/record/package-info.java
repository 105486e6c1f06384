/**
 * Recording: decorators of the machine's and the GPU's own interfaces that turn what passes into events.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.record;

import org.jspecify.annotations.NullMarked;
