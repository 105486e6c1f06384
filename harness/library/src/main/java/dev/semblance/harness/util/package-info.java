/**
 * What all rooms use, and nobody outside: texts without a locale and without anything hidden, digests, waiting. It knows the
 * library's exceptions and nothing else.
 */
@NullMarked
package dev.semblance.harness.util;

import org.jspecify.annotations.NullMarked;
