/**
 * What a driver did that is illegal or suspicious, found in its trace. A trace's events come in, findings go out; no device
 * is asked. For the command line and the JUnit extension.
 */
@NullMarked
package dev.semblance.harness.edit.lint;

import org.jspecify.annotations.NullMarked;
