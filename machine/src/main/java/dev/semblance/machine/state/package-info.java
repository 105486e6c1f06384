/**
 * How parts of the machine exchange their state: for digests of what a guest can see, and to save and load all of it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.machine.state;

import org.jspecify.annotations.NullMarked;
