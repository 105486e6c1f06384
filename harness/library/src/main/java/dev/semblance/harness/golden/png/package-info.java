/**
 * PNG files, still and moving, in and out: what ImageIO does too slowly or not at all. Chapters are those of the PNG
 * specification, third edition (W3C, 2025), which has APNG in it.
 */
@NullMarked
package dev.semblance.harness.golden.png;

import org.jspecify.annotations.NullMarked;
