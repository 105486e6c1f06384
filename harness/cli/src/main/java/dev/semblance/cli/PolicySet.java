package dev.semblance.cli;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.replay.Goldens;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The policies of a command over several traces: one that the user names for all, or the one in each folder of goldens. */
final class PolicySet {

    private final Optional<Path> golden;
    private final Optional<Policy> said;
    private final LocalDate today;
    private final Map<Path, Policy> byFolder = new TreeMap<>();

    /**
     * Reads all policies that traces need, so that a mistake in one is found before anything is replayed.
     *
     * @param settings where the goldens are, and the policy for all of them, if the user named one
     * @throws SemblanceException if one of them is no policy
     */
    PolicySet(List<TraceFile> traces, GoldenOptions.Settings settings, LocalDate today) {
        this.golden = settings.golden();
        this.said = settings.policy()
                .map(named -> PolicyFile.read(
                        named,
                        traces.isEmpty() ? FileNames.OWN : traces.getFirst().names(),
                        today));
        this.today = today;
        traces.forEach(trace -> Goldens.place(trace, golden).ifPresent(place -> of(place.folder(), trace.names())));
    }

    private Policy of(Path folder, FileNames names) {
        return said.orElseGet(
                () -> byFolder.computeIfAbsent(folder, missing -> PolicyFile.beside(missing, names, today)));
    }

    /**
     * Returns the goldens of a trace with what may differ from them.
     *
     * @throws SemblanceException if there should be some, and the trace has a name that they cannot have
     */
    Goldens goldens(TraceFile trace) {
        return Goldens.of(trace, golden, folder -> of(folder, trace.names()));
    }

    /** Returns every policy in use. */
    List<Policy> all() {
        return said.map(List::of).orElseGet(() -> List.copyOf(byFolder.values()));
    }
}
