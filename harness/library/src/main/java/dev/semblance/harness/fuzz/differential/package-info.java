/**
 * A device beside a reference, script by script: what each answers and shows, and where they differ.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.fuzz.differential;

import org.jspecify.annotations.NullMarked;
