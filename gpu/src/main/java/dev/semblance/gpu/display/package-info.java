/**
 * What the device offers to the driver as displays: their modes, and the EDID 1.4 block that names them (VIRTIO 1.2, 5.7.6.8).
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.gpu.display;

import org.jspecify.annotations.NullMarked;
