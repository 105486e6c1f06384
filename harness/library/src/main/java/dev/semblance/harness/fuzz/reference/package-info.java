/**
 * A second virtio-gpu device to hold the first one against: written from the rules straight on the bytes of requests, with
 * nothing of the first one's model or codecs.
 */
@NullMarked
package dev.semblance.harness.fuzz.reference;

import org.jspecify.annotations.NullMarked;
