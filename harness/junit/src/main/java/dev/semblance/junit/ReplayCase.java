package dev.semblance.junit;

import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TraceVerdict;
import java.nio.file.Path;

/**
 * What one test of a {@link ReplayTest} is about.
 *
 * @param trace the trace
 * @param subject a replay, or a snapshot
 * @param verdict what came of the whole trace
 */
public record ReplayCase(Path trace, ReplaySubject subject, TraceVerdict verdict) {

    /** {@return what the subject is called: {@code device replay}, {@code machine replay}, or {@code snapshot LABEL}} */
    public String name() {
        return subject.title();
    }
}
