/** Golden images: where they are kept, and how a picture is compared with one. */
@NullMarked
package dev.semblance.harness.golden;

import org.jspecify.annotations.NullMarked;
