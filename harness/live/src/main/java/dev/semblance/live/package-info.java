/**
 * The live page (docs/LIVE.md): a web server on the loopback interface for the person in front of this computer, and nobody else.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.live;

import org.jspecify.annotations.NullMarked;
