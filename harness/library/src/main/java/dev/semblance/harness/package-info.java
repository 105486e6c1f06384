/**
 * What every part of the harness says to its user: errors in one sentence, and exit codes.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness;

import org.jspecify.annotations.NullMarked;
