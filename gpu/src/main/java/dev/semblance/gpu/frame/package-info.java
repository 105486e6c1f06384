/**
 * What the device shows (VIRTIO 1.2, 5.7.6): immutable frames, cursor planes, and who receives them.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.gpu.frame;

import org.jspecify.annotations.NullMarked;
