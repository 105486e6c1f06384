/**
 * Several devices beside each other: which recordings each replays as recorded, and how each answers every command, case by case
 * beside the reference.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.fuzz.matrix;

import org.jspecify.annotations.NullMarked;
