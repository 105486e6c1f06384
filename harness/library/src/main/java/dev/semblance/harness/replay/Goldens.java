package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.trace.SnapshotLabel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The goldens of one trace, if it has any. A missing one is a failure where goldens are expected: for what lies in a
 * folder named {@code recordings}, with its goldens in the folder {@code golden} beside that, and wherever the user names
 * a folder. For any other trace, somebody's attachment to a bug report perhaps, there are none to miss.
 *
 * @param trace the trace's name
 * @param policy what may differ from them
 */
public record Goldens(String trace, Optional<GoldenStore> store, Policy policy) {

    /** The folder whose traces have goldens without being told. */
    public static final String RECORDINGS = "recordings";

    private static final String GOLDEN = "golden";

    /** What the name of a trace ends in. */
    public static final String ENDING = ".trace";

    /** Makes the goldens of a trace, to be matched exactly. */
    public Goldens(String trace, Optional<GoldenStore> store) {
        this(trace, store, Policy.EXACT);
    }

    /**
     * Finds the goldens of a trace.
     *
     * @param folder where the user says they are
     * @throws UserError if there should be some, and the trace has a name that no folder of goldens can have
     */
    public static Goldens of(Path trace, Optional<Path> folder) {
        return of(trace, folder, where -> Policy.EXACT);
    }

    /**
     * Finds the goldens of a trace, and what may differ from them.
     *
     * @param folder where the user says they are
     * @param policies returns the policy for a folder of goldens
     * @throws UserError if there should be some, and the trace has a name that no folder of goldens can have
     */
    public static Goldens of(Path trace, Optional<Path> folder, Function<Path, Policy> policies) {
        String name = nameOf(trace);
        Optional<Path> where = folder(trace, folder);
        if (where.isPresent() && !SnapshotLabel.isPlain(name)) {
            throw new UserError(
                    ExitCode.USAGE,
                    Text.format("\"%s\" is no name for a recording with goldens: %s", name, SnapshotLabel.RULE));
        }
        return new Goldens(
                name, where.map(GoldenStore::new), where.map(policies).orElse(Policy.EXACT));
    }

    /** Returns the folder of the goldens of a trace: the one that the user says, or else the one it has by its place. */
    public static Optional<Path> folder(Path trace, Optional<Path> said) {
        return said.or(() -> beside(trace));
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

    /** Returns which digests must be as recorded. Without goldens to judge by, all must. */
    DigestStrictness digests() {
        return store.isEmpty() || policy.isExact(trace)
                ? DigestStrictness.EXACT
                : label -> policy.ruleFor(trace, label).isEmpty();
    }

    /** Compares what a snapshot shows with its golden. */
    SnapshotVerdict compare(String label, Frame actual) {
        return store.isEmpty()
                ? new SnapshotVerdict.NoGoldens(label)
                : new SnapshotJudge(trace, store.get(), policy).judge(label, actual);
    }
}
