/** The entropy device (VIRTIO 1.2, 5.4). */
@NullMarked
package dev.semblance.machine.virtio.rng;

import org.jspecify.annotations.NullMarked;
