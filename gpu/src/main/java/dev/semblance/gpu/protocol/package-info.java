/**
 * The virtio-gpu wire protocol of VIRTIO 1.2, 5.7.6: commands and responses as records, decoded and encoded. Wire numbers stay in here.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.gpu.protocol;

import org.jspecify.annotations.NullMarked;
