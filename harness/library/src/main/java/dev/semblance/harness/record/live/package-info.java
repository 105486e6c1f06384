/**
 * A run in which a person takes part: what they do, from other threads, and what they see of it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.record.live;

import org.jspecify.annotations.NullMarked;
