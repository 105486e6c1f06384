package dev.semblance.live;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.util.Text;
import dev.semblance.harness.view.ViewedTrace;
import dev.semblance.harness.view.ViewedVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** A trace that somebody looks into: it is read when it is asked for, and replayed when the page wants to know what came of it. Any thread may ask. */
final class OpenTrace {

    private final TraceFile file;
    private final Viewing.Replayer replayer;
    private final Executor replays;

    /** Who has it may read the file and change what is known of it. Who forgets it does not wait for that. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile Optional<ViewedTrace> trace = Optional.empty();

    /** What the pages that are open know: all of them are told where the file is another one. */
    private volatile Optional<FileState> known = Optional.empty();

    private Optional<Replay> replay = Optional.empty();

    /** What tells one state of a file from another. */
    private record FileState(long size, FileTime modified, Optional<Object> key) {

        static FileState of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileState(
                    attributes.size(), attributes.lastModifiedTime(), Optional.ofNullable(attributes.fileKey()));
        }
    }

    /** A replay that has begun. */
    private static final class Replay {
        private volatile Optional<ViewedVerdict> verdict = Optional.empty();
    }

    /**
     * @param replays runs the replay
     */
    OpenTrace(TraceFile file, Viewing.Replayer replayer, Executor replays) {
        this.file = file;
        this.replayer = replayer;
        this.replays = replays;
    }

    TraceFile file() {
        return file;
    }

    /**
     * Returns the trace, which is read if it was not.
     *
     * @throws UnusableInputException if the file is not the one that was read
     */
    ViewedTrace trace() throws IOException {
        FileState now = FileState.of(file.path());
        if (known.isPresent() && !known.get().equals(now)) {
            throw new UnusableInputException(
                    Text.format("%s has changed since this page read it: load the page again", file.shownAs()));
        }
        return read(now);
    }

    /** Returns the trace as it is now, which is read if it was not, or has changed. */
    ViewedTrace current() throws IOException {
        return read(FileState.of(file.path()));
    }

    private ViewedTrace read(FileState now) throws IOException {
        Optional<ViewedTrace> found = trace;
        if (found.isPresent() && known.equals(Optional.of(now))) {
            return found.get();
        }
        reading.lock();
        try {
            boolean same = known.equals(Optional.of(now));
            if (trace.isPresent() && same) {
                return trace.get();
            }
            ViewedTrace opened = ViewedTrace.open(file, cycle -> {});
            if (!same) {
                synchronized (this) {
                    replay = Optional.empty();
                }
            }
            known = Optional.of(now);
            trace = Optional.of(opened);
            return opened;
        } finally {
            reading.unlock();
        }
    }

    /** Returns what a replay came to; empty as long as it is under way, which it is from the first call on. */
    synchronized Optional<ViewedVerdict> verdict() {
        if (replay.isEmpty()) {
            Replay begun = new Replay();
            replay = Optional.of(begun);
            replays.execute(() -> begun.verdict = Optional.of(new ViewedVerdict(replayed())));
        }
        return replay.get().verdict;
    }

    private TraceVerdict replayed() {
        try {
            return replayer.replay(file, cycle -> {});
        } catch (SemblanceException e) {
            // A policy or a golden, say, that is read before a replay begins.
            return new TraceVerdict.Refused(file, ExitCode.of(e), String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            return new TraceVerdict.Crashed(file, e.toString(), List.of());
        }
    }

    /** Lets go of what was read, which is read again when it is asked for. */
    void forget() {
        Optional<ViewedTrace> last = trace;
        trace = Optional.empty();
        if (last.isPresent()) {
            try {
                last.get().close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
