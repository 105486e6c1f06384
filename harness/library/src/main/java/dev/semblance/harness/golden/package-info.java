/**
 * Golden images: where they are kept, and how a picture is compared with one.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.golden;

import org.jspecify.annotations.NullMarked;
