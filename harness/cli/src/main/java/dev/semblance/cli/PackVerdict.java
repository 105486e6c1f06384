package dev.semblance.cli;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.TextReport;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a replay says of traces that are packed, without the paths of the computer that packs. */
record PackVerdict(String text, String json) {

    static PackVerdict of(
            Map<String, TraceFile> traces,
            PackCommand.Request packing,
            GuestImages images,
            LocalDate today,
            Optional<Path> policy) {
        TraceReplay replay = new TraceReplay(images, packing.goldens().images(), TraceReplay.Kind.BOTH);
        List<String> lines = new ArrayList<>();
        List<TraceVerdict.Standing> standings = new ArrayList<>();
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        Map<String, TraceFile> renamed = new TreeMap<>();
        traces.forEach((name, trace) -> renamed.put(name, trace.called(names(name, trace, packing, policy))));
        PolicySet policies = new PolicySet(List.copyOf(renamed.values()), packing.goldens(), today);
        try (TemporaryFolder pictures = TemporaryFolder.create()) {
            renamed.forEach((name, trace) -> {
                TraceVerdict verdict =
                        replay.replay(trace, policies.goldens(trace), PictureKeeper.in(pictures), cycle -> {});
                List<String> said = TextReport.lines(verdict);
                lines.addAll(said);
                standings.add(verdict.standing());
                describe(json.addObject(), name, verdict, said);
            });
        }
        lines.add(TextReport.summary(standings));
        return new PackVerdict(
                String.join("\n", lines) + "\n", JsonMapper.builder().build().writeValueAsString(json) + "\n");
    }

    /** Returns what the trace and all that it is judged by are called in the pack. */
    private static FileNames names(String name, TraceFile trace, PackCommand.Request packing, Optional<Path> policy) {
        FileNames names = FileNames.OWN.with(trace.path(), "trace/" + name + InputFiles.TRACE);
        String golden = "golden";
        if (policy.isPresent()) {
            names = names.with(policy.get(), golden + "/" + PolicyFile.NAME);
        }
        Optional<Goldens.Place> place = Goldens.place(trace, packing.goldens().golden());
        return place.isEmpty()
                ? names
                : names.with(place.get().folder().resolve(place.get().name()), golden + "/" + name)
                        .with(place.get().folder(), golden);
    }

    private static void describe(ObjectNode node, String name, TraceVerdict verdict, List<String> said) {
        node.put("trace", name)
                .put("exitCode", verdict.exitCode().code())
                .put("meaning", verdict.exitCode().meaning());
        switch (verdict) {
            case TraceVerdict.Refused refused -> {}
            case TraceVerdict.TimedOut timedOut -> {}
            case TraceVerdict.Crashed crashed -> {}
            case TraceVerdict.Replayed replayed -> {
                ObjectNode snapshots = node.putObject("snapshots");
                replayed.snapshots().forEach(snapshot -> snapshots.put(snapshot.label(), word(snapshot)));
            }
        }
        ArrayNode text = node.putArray("text");
        said.forEach(text::add);
    }

    private static String word(SnapshotVerdict verdict) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> "match";
            case SnapshotVerdict.Accepted accepted -> "differs, and the policy accepts that";
            case SnapshotVerdict.FailedAsExpected failed -> "differs, as the policy expects";
            case SnapshotVerdict.UnexpectedPass pass -> "match, unexpectedly";
            case SnapshotVerdict.BadRule bad -> "rule cannot be applied";
            case SnapshotVerdict.Differs differs -> "differs";
            case SnapshotVerdict.Missing missing -> "golden missing";
            case SnapshotVerdict.Unreadable unreadable -> "golden unreadable";
            case SnapshotVerdict.NoGoldens none -> "no goldens";
        };
    }
}
