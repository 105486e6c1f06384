/** Device scripts: what a driver does to a GPU, line by line, and a rig that does it without a hart. */
@NullMarked
package dev.semblance.harness.rig;

import org.jspecify.annotations.NullMarked;
