/** Recording: decorators of the machine's and the GPU's own interfaces that turn what passes into events. */
@NullMarked
package dev.semblance.harness.record;

import org.jspecify.annotations.NullMarked;
