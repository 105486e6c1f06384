/** Guest images: what a user may name, where they are found, and the cache that keeps those of recordings. */
@NullMarked
package dev.semblance.harness.guest.images;

import org.jspecify.annotations.NullMarked;
