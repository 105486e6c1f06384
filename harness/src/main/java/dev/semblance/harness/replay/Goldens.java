package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.trace.SnapshotLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The goldens of one trace, if it has any. A missing one is a failure where goldens are expected: for what lies in a
 * folder named {@code recordings}, with its goldens in the folder {@code golden} beside that, and wherever the user names
 * a folder. For any other trace, somebody's attachment to a bug report perhaps, there are none to miss.
 */
public record Goldens(String trace, Optional<GoldenStore> store) {

    /** The folder whose traces have goldens without being told. */
    public static final String RECORDINGS = "recordings";

    private static final String GOLDEN = "golden";

    private static final String ENDING = ".trace";

    /**
     * Finds the goldens of a trace.
     *
     * @param folder where the user says they are
     * @throws UserError if there should be some, and the trace has a name that no folder of goldens can have
     */
    public static Goldens of(Path trace, Optional<Path> folder) {
        String name = nameOf(trace);
        Optional<Path> where = folder.or(() -> beside(trace));
        if (where.isPresent() && !SnapshotLabel.isPlain(name)) {
            throw new UserError(
                    ExitCode.USAGE,
                    "\"%s\" is no name for a recording with goldens: %s".formatted(name, SnapshotLabel.RULE));
        }
        return new Goldens(name, where.map(GoldenStore::new));
    }

    /** Returns the name of a trace: its file's name without the ending. */
    public static String nameOf(Path trace) {
        String file = String.valueOf(trace.getFileName());
        return file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
    }

    private static Optional<Path> beside(Path trace) {
        Path file = trace.toAbsolutePath().normalize();
        Path folder = file.getParent();
        if (folder == null || !folder.endsWith(RECORDINGS)) {
            return Optional.empty();
        }
        Path here = Path.of("").toAbsolutePath();
        Path golden = folder.resolveSibling(GOLDEN);
        // Messages name it the way the user would.
        return Optional.of(golden.startsWith(here) ? here.relativize(golden) : golden);
    }

    /** Compares what a snapshot shows with its golden. */
    SnapshotVerdict compare(String label, Frame actual) {
        if (store.isEmpty()) {
            return new SnapshotVerdict.NoGoldens(label);
        }
        try {
            Optional<Frame> golden = store.get().read(trace, label);
            if (golden.isEmpty()) {
                return new SnapshotVerdict.Missing(label, store.get().pngOf(trace, label), actual);
            }
            FrameDiff diff = FrameComparator.compare(golden.get(), actual);
            return diff instanceof FrameDiff.Same
                    ? new SnapshotVerdict.Match(label)
                    : new SnapshotVerdict.Differs(
                            label,
                            store.get()
                                    .find(trace, label)
                                    .orElseGet(() -> store.get().pngOf(trace, label)),
                            golden.get(),
                            actual,
                            diff);
        } catch (IOException e) {
            return new SnapshotVerdict.Unreadable(label, String.valueOf(e.getMessage()));
        }
    }
}
