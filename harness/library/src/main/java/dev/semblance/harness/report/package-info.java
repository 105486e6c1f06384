/** What came of replays, for people to read. */
@NullMarked
package dev.semblance.harness.report;

import org.jspecify.annotations.NullMarked;
