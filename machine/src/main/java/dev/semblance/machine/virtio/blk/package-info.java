/** The block device (VIRTIO 1.2, 5.2) and the disks behind it. */
@NullMarked
package dev.semblance.machine.virtio.blk;

import org.jspecify.annotations.NullMarked;
