package dev.semblance.junit;

import dev.semblance.harness.replay.TraceVerdict;
import java.nio.file.Path;

/**
 * What one test of a {@link ReplayTest} is about.
 *
 * @param trace the trace
 * @param name {@code device replay}, {@code machine replay}, or {@code snapshot LABEL}
 * @param verdict what came of the whole trace
 */
public record ReplayCase(Path trace, String name, TraceVerdict verdict) {}
