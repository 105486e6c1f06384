/**
 * Calls of the operating system that the JDK does not have: sockets that pass file descriptors, shared memory, eventfd, poll.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.posix;

import org.jspecify.annotations.NullMarked;
