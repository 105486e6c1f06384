/**
 * The virtio-gpu device inside of QEMU as a device under test: registers over the qtest protocol, pictures over QMP.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.qtest;

import org.jspecify.annotations.NullMarked;
