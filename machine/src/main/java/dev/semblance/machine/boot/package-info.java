/**
 * What the machine puts into memory before the first instruction: images and the flattened device tree.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.boot;

import org.jspecify.annotations.NullMarked;
