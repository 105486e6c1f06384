package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.report.ReportFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks that no report is written over anything that a replay reads. */
final class ReplayOutputs {

    private ReplayOutputs() {}

    /**
     * Checks the files that replays are to write.
     *
     * @throws SemblanceException if one of them is a trace, a golden or a policy, or another of them
     */
    static void check(ReplayCommand.Request replays) {
        List<Path> named = new ArrayList<>();
        replays.ci().junit().ifPresent(named::add);
        replays.html().ifPresent(named::add);
        Outlet.files(named, "replay");
        List<Path> inFolder = replays.report().stream()
                .flatMap(folder ->
                        Stream.of(ReportFolder.SUMMARY, ReportFolder.HTML).map(folder::resolve))
                .toList();
        if (named.isEmpty() && inFolder.isEmpty()) {
            return;
        }
        List<Path> inputs = inputs(replays);
        OutputFiles.checkAll(named, inputs);
        inFolder.stream().filter(file -> !Files.isDirectory(file)).forEach(file -> OutputFiles.check(file, inputs));
    }

    private static List<Path> inputs(ReplayCommand.Request replays) {
        List<Path> inputs = new ArrayList<>(TraceFile.paths(replays.traces()));
        replays.goldens().policy().ifPresent(inputs::add);
        for (TraceFile trace : replays.traces()) {
            Goldens.place(trace, replays.goldens().golden()).ifPresent(place -> {
                inputs.add(place.folder().resolve(PolicyFile.NAME));
                inputs.addAll(files(place.folder().resolve(place.name())));
            });
        }
        return inputs;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            return List.of(); // What cannot be read is said where it is needed.
        }
    }
}
