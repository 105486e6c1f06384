/** JSON that was written by others: strict, bounded before anything is kept, and read in one way for all who read it. */
@NullMarked
package dev.semblance.harness.json;

import org.jspecify.annotations.NullMarked;
