/** The command line. A verb is one class: its options, the request that they make up, and what it does. */
@NullMarked
package dev.semblance.cli;

import org.jspecify.annotations.NullMarked;
