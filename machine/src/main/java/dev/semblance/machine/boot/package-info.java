/** What the machine puts into memory before the first instruction: images and the flattened device tree. */
@NullMarked
package dev.semblance.machine.boot;

import org.jspecify.annotations.NullMarked;
