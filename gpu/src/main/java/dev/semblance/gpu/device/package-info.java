/**
 * The virtio-gpu device on its two virtqueues and in its configuration space (VIRTIO 1.2, 5.7.1 to 5.7.6.7).
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.gpu.device;

import org.jspecify.annotations.NullMarked;
