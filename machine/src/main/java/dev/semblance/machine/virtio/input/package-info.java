/** The input device (VIRTIO 1.2, 5.8): keyboard, mouse and tablet. */
@NullMarked
package dev.semblance.machine.virtio.input;

import org.jspecify.annotations.NullMarked;
