/** Recordings that go on from others. */
@NullMarked
package dev.semblance.harness.edit.child;

import org.jspecify.annotations.NullMarked;
