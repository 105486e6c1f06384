package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The goldens of one trace, if there is a place for them. A missing one is a failure where there is: for what lies below a
 * folder named {@code recordings}, with its goldens in the folder {@code golden} beside that, and wherever the user names
 * a folder. Any other trace, somebody's attachment to a bug report perhaps, has none to miss, and its snapshots are compared
 * with nothing; that is a failure too where goldens are required.
 *
 * @param trace the trace's name in the folder of goldens; its parts are divided by {@code /}
 * @param store where the goldens are; empty if there are none
 * @param policy what may differ from them
 * @param required whether a snapshot that is compared with nothing is a failure
 */
public record Goldens(String trace, Optional<GoldenStore> store, Policy policy, boolean required) {

    /** The folder whose traces have goldens without being told. */
    public static final String RECORDINGS = "recordings";

    private static final String GOLDEN = "golden";

    /**
     * Where the goldens of a trace are.
     *
     * @param folder the folder of goldens, which a policy may stand in
     * @param name the trace's name in it
     */
    public record Place(Path folder, String name) {}

    /**
     * Makes the goldens of a trace, to be matched exactly.
     *
     * @param trace the name of the trace
     * @param store where the goldens are; empty if there are none
     */
    public Goldens(String trace, Optional<GoldenStore> store) {
        this(trace, store, Policy.EXACT);
    }

    /**
     * Makes the goldens of a trace, of which none has to be there.
     *
     * @param trace the name of the trace
     * @param store where the goldens are; empty if there are none
     * @param policy what may differ
     */
    public Goldens(String trace, Optional<GoldenStore> store, Policy policy) {
        this(trace, store, policy, false);
    }

    /**
     * Finds the goldens of a trace.
     *
     * @param trace the trace
     * @param folder where the user says they are
     * @return its goldens, or none
     * @throws SemblanceException if there should be some, and the trace has a name that no folder of goldens can have
     */
    public static Goldens of(TraceFile trace, Optional<Path> folder) {
        return of(trace, folder, where -> Policy.EXACT);
    }

    /**
     * Finds the goldens of a trace, and what may differ from them.
     *
     * @param trace the trace
     * @param folder where the user says they are
     * @param policies returns the policy for a folder of goldens
     * @return its goldens, or none
     * @throws SemblanceException if there should be some, and the trace has a name that no folder of goldens can have
     */
    public static Goldens of(TraceFile trace, Optional<Path> folder, Function<Path, Policy> policies) {
        Optional<Place> place = place(trace, folder);
        String name = place.map(Place::name).orElse(trace.name());
        if (place.isPresent() && !GoldenStore.isTraceName(name)) {
            throw new UnusableInputException(Text.format(
                    "\"%s\" is not a valid name for a recording with goldens: %s%s",
                    name, name.contains("/") ? "each part has " : "", SnapshotLabel.RULE));
        }
        return new Goldens(
                name,
                place.map(found -> new GoldenStore(found.folder())),
                place.map(Place::folder).map(policies).orElse(Policy.EXACT));
    }

    /**
     * {@return where the goldens of a trace are: in the folder that the user says, by the trace's place below what the user
     * named; or else in the folder {@code golden} beside the nearest folder named {@code recordings} that the trace is in,
     * by its place below that}
     *
     * @param trace the trace
     * @param said the folder that the user names
     */
    public static Optional<Place> place(TraceFile trace, Optional<Path> said) {
        return said.map(folder -> new Place(folder, trace.name())).or(() -> beside(trace));
    }

    private static Optional<Place> beside(TraceFile trace) {
        Path file = trace.path().toAbsolutePath().normalize();
        Optional<Path> end =
                trace.enclosing().map(folder -> folder.toAbsolutePath().normalize());
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            if (end.isPresent() && !folder.startsWith(end.get())) {
                break;
            }
            if (folder.endsWith(RECORDINGS)) {
                Path here = Path.of("").toAbsolutePath();
                Path golden = folder.resolveSibling(GOLDEN);
                return Optional.of(new Place(
                        // Messages name it the way the user would.
                        golden.startsWith(here) ? here.relativize(golden) : golden,
                        TraceFile.nameOf(folder.relativize(file))));
            }
        }
        return Optional.empty();
    }

    /**
     * {@return the same where a snapshot that is compared with nothing is, or is not, a failure}
     *
     * @param whether whether it is
     */
    public Goldens required(boolean whether) {
        return new Goldens(trace, store, policy, whether);
    }

    /**
     * {@return the same without a place for goldens, if none of this trace is there: for whoever wants a trace to be compared
     * by what was recorded rather than fail}
     *
     * @throws IOException if the folder cannot be listed
     */
    public Goldens orNone() throws IOException {
        return store.isPresent() && store.get().labels(trace).isEmpty()
                ? new Goldens(trace, Optional.empty(), Policy.EXACT, required)
                : this;
    }

    /** {@return which digests must be as recorded} Without goldens to judge by, all must. */
    DigestStrictness digests() {
        return store.isEmpty() || policy.isExact(trace)
                ? DigestStrictness.EXACT
                : label -> policy.ruleFor(trace, label).isEmpty();
    }

    /**
     * Compares what a snapshot shows with its golden.
     *
     * @param keeper keeps what is shown where it is not as it should be
     */
    SnapshotVerdict compare(String label, Frame actual, PictureKeeper keeper) throws IOException {
        return store.isEmpty()
                ? new SnapshotVerdict.NoGoldens(label, required)
                : new SnapshotJudge(trace, store.get(), policy, keeper).judge(label, actual);
    }

    /** {@return the goldens that are of none of these snapshots} */
    List<Path> unused(Collection<String> snapshots) throws IOException {
        return store.isEmpty() ? List.of() : store.get().unused(trace, snapshots);
    }
}
