/**
 * Guest images: what a user may name, where they are found, and the cache that keeps those of recordings.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.guest.images;

import org.jspecify.annotations.NullMarked;
