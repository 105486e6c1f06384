/**
 * The messages of vhost-user and of its display protocol, as bytes and as records.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.vhost;

import org.jspecify.annotations.NullMarked;
