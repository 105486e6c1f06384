package dev.semblance.live;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.view.ViewedTrace;
import dev.semblance.harness.view.ViewedVerdict;
import java.io.IOException;
import java.util.Optional;

/** A trace that somebody looks into: it is read when it is asked for, and replayed when the page wants to know what came of it. Any thread may ask. */
final class OpenTrace implements AutoCloseable {

    private final TraceFile file;
    private final Viewing.Replayer replayer;
    private Optional<ViewedTrace> trace = Optional.empty();
    private boolean replaying;
    private volatile Optional<ViewedVerdict> verdict = Optional.empty();

    OpenTrace(TraceFile file, Viewing.Replayer replayer) {
        this.file = file;
        this.replayer = replayer;
    }

    TraceFile file() {
        return file;
    }

    /** Returns the trace, which is read if it was not. */
    synchronized ViewedTrace trace() throws IOException {
        if (trace.isEmpty()) {
            trace = Optional.of(ViewedTrace.open(file, cycle -> {}));
        }
        return trace.get();
    }

    /** Returns what a replay came to; empty as long as it is under way, which it is from the first call on. */
    Optional<ViewedVerdict> verdict() {
        synchronized (this) {
            if (!replaying) {
                replaying = true;
                Thread.ofPlatform().daemon().name("replay").start(() -> {
                    TraceVerdict came = replayer.replay(file, cycle -> {});
                    verdict = Optional.of(new ViewedVerdict(came));
                });
            }
        }
        return verdict;
    }

    @Override
    public synchronized void close() throws IOException {
        if (trace.isPresent()) {
            trace.get().close();
        }
    }
}
