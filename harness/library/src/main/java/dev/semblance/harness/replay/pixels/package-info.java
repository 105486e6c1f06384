/**
 * Pixels as a trace tells of them, without a device. Recorded commands and memory come in, images and pictures go out. For
 * edits of traces, lint, and pictures of damage.
 */
@NullMarked
package dev.semblance.harness.replay.pixels;

import org.jspecify.annotations.NullMarked;
