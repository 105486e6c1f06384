/** The 2D device of VIRTIO 1.2, 5.7.6.8 to 5.7.6.10: resources, backing, scanouts, cursors, and the commands on them. */
@NullMarked
package dev.semblance.gpu.model;

import org.jspecify.annotations.NullMarked;
