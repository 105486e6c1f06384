/**
 * This project's GPU as the back-end of a virtual machine of another program: vhost-user-gpu, recorded.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.serve;

import org.jspecify.annotations.NullMarked;
