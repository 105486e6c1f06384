/**
 * Guest memory that another process owns too.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.memory;

import org.jspecify.annotations.NullMarked;
