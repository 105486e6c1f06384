/**
 * Recordings to look into: what happened when, what was shown, and the lives of resources and queues, in the form in which a page shows
 * them.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.view;

import org.jspecify.annotations.NullMarked;
