/** How the tests of all modules run. */
@NullMarked
package dev.semblance.testing;

import org.jspecify.annotations.NullMarked;
