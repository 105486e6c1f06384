/** The command line: one class a verb, each parsing its options into a request for {@link dev.semblance.harness.cli.Actions}. */
@NullMarked
package dev.semblance.cli;

import org.jspecify.annotations.NullMarked;
