/** The guest side of virtio devices: what a driver does, without a guest. */
@NullMarked
package dev.semblance.machine.virtio.driver;

import org.jspecify.annotations.NullMarked;
