/**
 * Virtio 1.2 over MMIO: transport, split virtqueues, and the interface devices implement.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.virtio;

import org.jspecify.annotations.NullMarked;
