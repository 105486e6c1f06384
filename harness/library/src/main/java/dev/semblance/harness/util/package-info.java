/**
 * What all rooms use, and nobody outside: texts without a locale and without anything hidden, digests. It knows nothing of the
 * rest of the library.
 */
@NullMarked
package dev.semblance.harness.util;

import org.jspecify.annotations.NullMarked;
