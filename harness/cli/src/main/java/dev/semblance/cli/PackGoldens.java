package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.pack.PackWriter;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.policy.Alternatives;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.golden.policy.Rule;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What traces are judged by, as it goes into a pack: goldens, the policy, and the pictures that it accepts besides. */
final class PackGoldens {

    private PackGoldens() {}

    /**
     * Returns the policy for all the traces, if there is one.
     *
     * @throws SemblanceException if there are several, since a pack has room for one
     */
    static Optional<Path> policy(Map<String, TraceFile> traces, PackCommand.Request packing) {
        if (packing.goldens().policy().isPresent()) {
            return packing.goldens().policy();
        }
        Set<Path> folders = new LinkedHashSet<>();
        Set<Optional<Path>> policies = new LinkedHashSet<>();
        for (TraceFile trace : traces.values()) {
            Goldens.place(trace, packing.goldens().golden())
                    .map(Goldens.Place::folder)
                    .ifPresent(golden -> {
                        folders.add(golden);
                        policies.add(
                                Optional.of(golden.resolve(PolicyFile.NAME)).filter(Files::exists));
                    });
        }
        if (policies.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "the goldens in %s have not the same policy; pack the traces apart, or name one with --policy",
                            String.join(
                                    " and ",
                                    folders.stream().map(Path::toString).toList())));
        }
        return policies.stream().findFirst().flatMap(policy -> policy);
    }

    /**
     * Adds the goldens of a trace, and the alternatives that its policy names.
     *
     * @param name the trace's name in the pack
     * @throws SemblanceException if a rule of the policy would not be about the trace by that name as it is by its own
     */
    static void add(PackWriter writer, String name, Goldens goldens) throws IOException {
        if (goldens.store().isEmpty()) {
            return;
        }
        String trace = goldens.trace();
        for (Rule rule : goldens.policy().rules()) {
            if (rule.trace().matchesTrace(trace) != rule.trace().matchesTrace(name)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "the rule %s is about the trace %s, which is called %s in a pack; name another policy with --policy",
                                rule.sentence(), rule.trace(), name));
            }
        }
        GoldenStore store = goldens.store().get();
        List<Path> files = new ArrayList<>();
        for (String label : store.labels(trace)) {
            store.find(trace, label).ifPresent(files::add);
            files.addAll(store.alternatives(trace, label));
        }
        for (Rule rule : goldens.policy().rules()) {
            if (rule.trace().matchesTrace(trace) && rule.alternatives() instanceof Alternatives.Named named) {
                named.files().stream()
                        .map(file -> store.beside(trace, file))
                        .filter(Files::isRegularFile)
                        .forEach(files::add);
            }
        }
        for (Path file : files) {
            try {
                writer.golden(name, file);
            } catch (IllegalArgumentException e) {
                throw new CommandException(
                        ExitCode.USAGE, file + ": rename it to pack it; its name has 100 characters at most", e);
            }
        }
    }
}
