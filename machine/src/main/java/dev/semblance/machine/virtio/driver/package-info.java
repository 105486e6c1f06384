/**
 * The guest side of virtio devices: what a driver does, without a guest.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.virtio.driver;

import org.jspecify.annotations.NullMarked;
